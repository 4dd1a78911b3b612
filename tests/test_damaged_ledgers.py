"""SQLite files that a disk or another program has damaged: a line that names the file, no fault."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

import aidledger as al
from factory import make_figure, make_money, source_of
from ledger.errors import LedgerError
from ledger.table import from_frame

PAGE = 4096
KINDS: dict[str, Callable[[bytearray, random.Random], object]] = {}


def damage(made: Callable[[bytearray, random.Random], object]) -> Callable[..., object]:
    KINDS[made.__name__] = made
    return made


@damage
def bytes_changed(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 30, 3000))):
        data[chance.randrange(len(data))] = chance.randrange(256)


@damage
def cut_off(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


@damage
def a_page_of_nothing(data: bytearray, chance: random.Random) -> None:
    at = PAGE * chance.randrange(len(data) // PAGE)
    data[at : at + PAGE] = bytes(PAGE)


@damage
def two_pages_swapped(data: bytearray, chance: random.Random) -> None:
    one, other = (PAGE * chance.randrange(len(data) // PAGE) for _ in range(2))
    kept = data[one : one + PAGE]
    data[one : one + PAGE] = data[other : other + PAGE]
    data[other : other + PAGE] = kept


@damage
def the_header(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 20))):
        data[16 + chance.randrange(84)] = chance.choice((0, 1, 255, chance.randrange(256)))


@damage
def heads_of_pages(data: bytearray, chance: random.Random) -> None:
    at = PAGE * chance.randrange(len(data) // PAGE)
    for _ in range(6):
        data[at + chance.randrange(12)] = chance.randrange(256)


@damage
def words_of_the_schema(data: bytearray, chance: random.Random) -> None:
    word = chance.choice((b"CREATE TABLE", b"figure", b"FLOAT", b"document", b"SELECT"))
    at = bytes(data).index(word)
    data[at : at + len(word)] = bytes(chance.choice((255, 65, 39, 34)) for _ in word)


@damage
def texts(data: bytearray, chance: random.Random) -> None:
    word = chance.choice((b"HIMARS", b"committed", b"exact", b"2022-10", b"aidledger"))
    changed = bytes(chance.choice((255, 200, 0, 10)) for _ in word)
    data[:] = data.replace(word, changed)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("sound") / "aid.db"
    figures = [make_money(5, "a"), *(make_figure("a", value=number) for number in range(1, 9))]
    with al.Ledger(path) as ledger:
        ledger.add(source_of(figures), figures)
        ledger.accept(figures[0].figure_id, "Ann")
        ledger.facts()
    return path.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_damage_is_told(sound: bytes, tmp_path: Path, kind: str) -> None:
    chance = random.Random(kind)
    path = tmp_path / "aid.db"
    told = 0
    for tries in range(120):  # a change of a few bytes may hit what nothing reads
        if told and tries >= 12:
            break
        for left in tmp_path.iterdir():
            left.unlink()
        data = bytearray(sound)
        KINDS[kind](data, chance)
        path.write_bytes(data)
        for line in tried(path):
            assert str(path) in line
            assert line.isprintable()
            told += 1
    assert told, "no damage was found: no test"


def tried(path: Path) -> list[str]:
    """What is in the way of reading a ledger and of adding to it, a line each."""
    figure = make_figure("b", start=0)
    told = []
    for work in (
        lambda ledger: list(from_frame(ledger.figures())),
        lambda ledger: ledger.facts(),
        lambda ledger: ledger.sources(),
        lambda ledger: ledger.review_sheet(),
        lambda ledger: ledger.add(source_of(figure), [figure]),
    ):
        try:
            with al.Ledger(path, wait=0.1) as ledger:
                work(ledger)
        except LedgerError as error:
            told.append(str(error))
    return told


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        ("UPDATE meta SET value = 'abc' WHERE key = 'schema_version'",
         ": table meta: schema_version is 'abc', not the number of one"),
        ("UPDATE meta SET value = '2.0' WHERE key = 'schema_version'",
         ": table meta: schema_version is '2.0', not the number of one"),
        ("UPDATE meta SET value = '-1' WHERE key = 'schema_version'",
         ": table meta: schema_version is '-1', not the number of one"),
        ("UPDATE meta SET value = x'ff' WHERE key = 'schema_version'",
         ": table meta: schema_version is b'\\xff', not the number of one"),
        ("UPDATE meta SET value = NULL WHERE key = 'schema_version'",
         ": table meta: schema_version is None, not the number of one"),
        ("DELETE FROM meta WHERE key = 'schema_version'",
         ": table meta: schema_version is None, not the number of one"),
        ("UPDATE meta SET value = '99' WHERE key = 'schema_version'",
         " was written by a newer aidledger (schema 99, "),
        ("DROP TABLE figure", " is damaged: no such table: figure"),
        ("DROP TABLE fact", " is damaged: no such table: fact"),
        ("ALTER TABLE figure RENAME COLUMN item TO thing", " is damaged: "),
        ("DROP TABLE meta", " holds no ledger, but something else"),
    ],
)  # fmt: skip
def test_what_is_missing_is_told(sound: bytes, tmp_path: Path, statement: str, line: str) -> None:
    path = tmp_path / "aid.db"
    path.write_bytes(sound)
    connection = sqlite3.connect(path)
    for view in ("sources", "figures", "facts", "totals_by_month"):
        connection.execute(f"DROP VIEW {view}")
    connection.execute(statement)
    connection.commit()
    connection.close()
    told = tried(path)
    assert told
    assert {each.startswith(f"{path}{line}") for each in told} == {True}
