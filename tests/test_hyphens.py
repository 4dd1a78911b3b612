"""Words cut at the end of a line."""

from __future__ import annotations

import pytest

from extractors.readers.formats.pdf.hyphens import Words, across_line_end


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("24 ammu-", "nition lorries", "24 ammunition lorries"),
        ("a pack-", "age of", "a package of"),
        ("rounds of 155-", "mm shells", "rounds of 155-mm shells"),
        ("two F-", "16 jets", "two F-16 jets"),
        ("the Franco-", "German brigade", "the Franco-German brigade"),
        ("short-", "and long-range missiles", "short- and long-range missiles"),
        ("a long-", "range missile", "a long-range missile"),
        ("a medium-", "range missile", "a medium-range missile"),
        ("surface-to-", "air missiles", "surface-to-air missiles"),
        ("German-", "made tanks", "German-made tanks"),
        ("with-", "out a word", "without a word"),
        ("Ukrai-", "nian forces", "Ukrainian forces"),
        ("no hyphen", "here", "no hyphen here"),
        ("8,000 Zorblax\u2010", "type carts", "8,000 Zorblax\u2010type carts"),
        ("a co-", "operation pact", "a cooperation pact"),
        ("the re-", "entry", "the re-entry"),
        ("a billion-", "dollar fund", "a billion-dollar fund"),
        ("twenty-", "five tanks", "twenty-five tanks"),
        ("six-", "teen tanks", "sixteen tanks"),
        ("the ten-", "sion grew", "the tension grew"),
        ("they underst-", "and it", "they understand it"),
        ("they emplo-", "— employ", "they emplo- — employ"),
    ],
)
def test_hyphens_at_line_ends(before: str, after: str, joined: str) -> None:
    words = Words(["Their cooperation was long. The Zorblax came home before re-entry."])
    assert across_line_end(before, after, words) == joined
