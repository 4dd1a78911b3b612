"""What a robots.txt allows a visitor, as RFC 9309 has it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.readers.robots import Rule, allowed, rules_for

VISITOR = "aidledger"
FILE = """\
# Three groups, and one more for the visitor.
User-agent: *

Disallow: /

User-Agent: OtherBot
User-Agent: AidLedger/2.0  # with its version
Disallow: /closed/
Allow: /closed/open

Sitemap: https://example.org/sitemap.xml
Crawl-delay: 10

User-agent: thirdbot
Disallow:

User-agent: aidledger
disallow : /late
Nothing of the kind
"""


@pytest.mark.parametrize(
    ("visitor", "target", "expected"),
    [
        (VISITOR, "/", True),
        (VISITOR, "/closed/a", False),
        (VISITOR, "/closed/open/a", True),
        (VISITOR, "/late", False),  # a second group counts as well
        ("thirdbot", "/closed/a", True),
        ("nobody", "/", False),  # an empty line does not end the group
        ("aid", "/", False),  # nor is a name part of another
    ],
)
def test_the_groups_of_a_file(visitor: str, target: str, expected: bool) -> None:
    assert allowed(rules_for(visitor, FILE.splitlines()), target) is expected


def test_without_rules_all_is_allowed() -> None:
    assert allowed([], "/")
    assert not rules_for(VISITOR, ["Disallow: /", "User-agent: otherbot", "Disallow: /"])


@pytest.mark.parametrize(
    ("path", "target", "expected"),
    [
        ("/fish", "/fish.html?a", True),
        ("/fish", "/Fish", False),
        ("/fish*", "/fish", True),
        ("/*.php", "/a/b.php?c", True),
        ("/*.php$", "/a/b.php", True),
        ("/*.php$", "/a/b.php?c", False),
        ("/a$", "/a", True),
        ("/a$", "/ab", False),
        ("/a*b*c", "/abbc", True),
        ("/a*b*c", "/acb", False),
        ("/ab*b$", "/ab", False),
        ("*/a", "/b/a", True),
        ("$", "/", False),
    ],
)
def test_the_paths_of_a_rule(path: str, target: str, expected: bool) -> None:
    assert Rule(path, allows=False).matches(target) is expected


@pytest.mark.parametrize(
    ("rules", "target", "expected"),
    [
        (["Allow: /p", "Disallow: /"], "/page", True),
        (["Disallow: /", "Allow: /p"], "/page", True),
        (["Disallow: /page", "Allow: /page"], "/page", True),
        (["Disallow: /ü"], "/%C3%BC", False),
        (["Disallow: /%c3%bc"], "/%C3%BC", False),
        (["Disallow: /%61"], "/a", False),
        (["Disallow: /a%2Fb"], "/a/b", True),
        (["Disallow: //["], "//[", False),
    ],
)
def test_the_longest_rule_decides(rules: list[str], target: str, expected: bool) -> None:
    assert allowed(rules_for(VISITOR, ["User-agent: *", *rules]), target) is expected


@given(st.text(), st.text())
def test_any_words_are_an_answer(words: str, target: str) -> None:
    assert allowed(rules_for(VISITOR, words.splitlines()), f"/{target}") in (True, False)
    assert not allowed(rules_for(VISITOR, ["User-agent: *", "Disallow: /"]), f"/{target}")


def test_time_does_not_run_away() -> None:
    lines = (
        ["User-agent: *"] + ["Disallow: /" + "*a" * 100] * 2_000 + ["Disallow: " + "*a" * 90_000]
    )
    begin = time.process_time()
    assert allowed(rules_for(VISITOR, lines), "/" + "ab" * 90)
    assert time.process_time() - begin < 3
