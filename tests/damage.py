"""Valid files damaged at random: what is read of them is bounded and never an exception."""

from __future__ import annotations

import random
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from extractors.readers.formats import contents
from extractors.readers.formats.content import Content, ReadOptions
from extractors.readers.problem import Problem

HERE = ReadOptions(here=True)  # what ends a process is no ValueError
INSERTED = (b"99999999", b"-1", b"\0", b"\r\n\r\n", b"<", b'"', b"&x;", b"\xff\xff\xff\xff")


def damaged(sound: bytes, count: int, seed: int = 0) -> Iterator[bytes]:
    """The bytes with some changed, cut out, repeated or put in; one in four is cut off."""
    chance = random.Random(seed)
    for _ in range(count):
        data = bytearray(sound)
        for _ in range(chance.choice((1, 1, 2, 5, 30))):
            at = chance.randrange(len(data) + 1)
            piece = data[chance.randrange(len(data) + 1) :][: chance.randrange(60)]
            change = chance.choice((bytes([chance.randrange(256)]), piece, chance.choice(INSERTED)))
            data[at : at + chance.choice((0, 1, 1, len(change), 30))] = change
        yield bytes(data[: chance.randrange(len(data) + 1)] if chance.random() < 0.25 else data)


def holds(kind: str, sound: bytes, count: int) -> None:
    """Whatever the damage, there are contents, problems of one line, or a ValueError of one."""
    read = 0
    for data in damaged(sound, count):
        said = []
        try:
            for found in contents(kind, BytesIO(data), HERE):
                if isinstance(found, Content):
                    assert found.text.strip()
                    read += 1
                said.append(str(found) if isinstance(found, Problem) else found.place)
        except ValueError as error:
            said.append(str(error))
        except BaseException as error:
            raise AssertionError(f"{error!r} from {data!r}") from error
        assert all(line.isprintable() for line in said), (said, data)
    assert read, "no damage was slight enough: the test shows nothing"


def rewritten(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """A workbook, or another zip file, with some of the XML of a part replaced."""
    made = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(made, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            xml = source.read(name)
            assert name != part or old in xml
            target.writestr(name, xml.replace(old, new, 1) if name == part else xml)
    return made.getvalue()
