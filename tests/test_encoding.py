"""From bytes to characters: declared, marked, found out, and never lost."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from extractors.readers.formats.encoding import WINDOWS_1252, decode, mended, text_of

WESTERN = {
    "English": "The package is worth €625 million – “for Ukraine”, the ministry’s office said.",
    "pounds": "It cost £40m in all, the ministry said.",
    "short": "€500m – “now”",
    "German": "Köln: Für 50 Mio. € liefert man vier Haubitzen – größer als erwartet, hieß es.",
    "French": "La France a livré 18 canons ; l'été, d'autres seront envoyés, dit-on à Nîmes.",
    "Spanish": "España enviará 40 vehículos y 2 millones de euros más, según el señor ministro.",
    "Dutch": "Nederland stuurt twee officiële systemen naar Oekraïne. Hij zei: “geen commentaar”.",
    "Norwegian": "Norge gir 40 kjøretøy, sa ministeren. Også åtte haubitser er på vei nå.",
}
OTHERS = {
    "Russian": (
        "За неделю потеряно 40 танков и 12 самолётов, сообщил генеральный штаб в Киеве.",
        ("cp1251", "koi8-r", "cp866"),
    ),
    "Ukrainian": (
        "Україна отримає ще чотири установки у пакеті на 625 мільйонів доларів.",
        ("cp1251", "koi8-u"),
    ),
    "Polish": (
        "Polska przekazała 240 czołgów, powiedział minister. Następne dostawy są w przyszłym roku.",
        ("cp1250", "iso8859-2"),
    ),
    "Greek": ("Η χώρα θα στείλει 40 άρματα μάχης, δήλωσε ο υπουργός.", ("iso8859-7", "cp1253")),
    "Japanese": ("防衛省は火曜日に百台の車両を供与すると発表した。", ("shift_jis", "euc-jp")),
}  # fmt: skip
MANY = 3  # paragraphs: as a short text has


@pytest.mark.parametrize("language", WESTERN)
def test_western_texts_keep_their_signs(language: str) -> None:
    text = "\n".join([WESTERN[language]] * MANY)
    assert decode(text.encode("cp1252")) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(text, encoding) for text, encodings in OTHERS.values() for encoding in encodings],
)
def test_other_languages_are_found_out(text: str, encoding: str) -> None:
    assert decode("\n".join([text] * MANY).encode(encoding)) == "\n".join([text] * MANY)


@pytest.mark.parametrize("order", ["le", "be"])
@pytest.mark.parametrize("width", ["utf-16", "utf-32"])
@pytest.mark.parametrize(
    "text", [*WESTERN.values(), *(f"{text} 40\n" for text, _ in OTHERS.values())]
)
def test_wide_encodings_with_and_without_a_mark(text: str, width: str, order: str) -> None:
    data = text.encode(f"{width}-{order}")
    assert decode(data) == text
    assert decode("\ufeff".encode(f"{width}-{order}") + data) == text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("€5 million ".encode() * 40 + "€".encode()[:2], "€5 million " * 40 + "â‚"),
        ("“€5 million” ".encode() * 40 + b"\x80", "“€5 million” " * 40 + "€"),
        ("£5 ü ".encode("cp1252") * 5 + "€".encode(), "£5 ü " * 5 + "â‚¬"),
    ],
)
def test_a_few_broken_bytes_do_not_change_the_rest(data: bytes, text: str) -> None:
    assert decode(data) == text


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        ("Привет 5".encode("koi8-r"), "koi8-r", "Привет 5"),
        ("€5".encode(), "iso-8859-1", "€5"),
        (b"\x80 5 \x93now\x94", "iso-8859-1", "€ 5 “now”"),
        (b"\x80 5", "utf-8", "€ 5"),
        (b"\x80 5", "no-such-encoding", "€ 5"),
        (b"\x80 5", "base64", "€ 5"),
        (b"\x80 5", "utf-7\0", "€ 5"),
        ("\ufeff€5".encode(), "koi8-r", "€5"),  # the mark is surer
    ],
)
def test_what_is_declared_counts_where_it_fits(data: bytes, declared: str, text: str) -> None:
    assert decode(data, declared) == text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_broken_wide_text_is_refused(encoding: str) -> None:
    with pytest.raises(ValueError, match=f"broken {encoding.upper()} at byte"):
        text_of("four".encode(encoding)[:-1])


@given(st.binary(), st.sampled_from([None, "utf-8", "latin-1", "cp932", "utf-16", "idna", "hex"]))
def test_any_bytes_are_text_or_refused_in_one_line(data: bytes, declared: str | None) -> None:
    refusal = ""
    try:
        assert text_of(data, declared).encode("utf-8")
    except UnicodeError:
        raise
    except ValueError as error:
        refusal = str(error)
    assert "\n" not in refusal


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    assert decode(f"a{text}".encode()) == f"a{text}"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("â‚¬14m and 10â€“20 tanks", "€14m and 10–20 tanks"), ("Â£14m", "£14m"), ("Â¥300", "¥300"),
        ("itâ€™s", "it’s"), ("â€œfourâ€\x9d", "“four”"), ("â€œfourâ€, he said", "“four”, he said"),
        ("cafÃ© and naÃ¯ve", "café and naïve"), ("4Â\u00a0tanks", "4\u00a0tanks"),
        ("Â½ of it", "½ of it"),
        ("RzeszÃ³w, KoÅ›ciuszko, Å»uk", "Rzeszów, Kościuszko, Żuk"), ("20â€¦", "20…"),
        ("50 mÂ² at 7Â°", "50 m² at 7°"), ("Ã¢â€šÂ¬14m", "€14m"), ("heâ\x80\x99ll", "he’ll"),
        ("€14m, it’s “four” – ½ café", "€14m, it’s “four” – ½ café"), ("Â", "Â"),
        ("â la carte", "â la carte"), ("pâté, fête", "pâté, fête"),
        ("Ärger, Ånge, „DIÄ“", "Ärger, Ånge, „DIÄ“"), ("Ãlan £3", "Ãlan £3"),
        ("São Paulo, SÃO PAULO", "São Paulo, SÃO PAULO"), ("TÂNIA £4", "TÂNIA £4"),
    ],
)  # fmt: skip
def test_what_was_decoded_with_the_wrong_table_is_mended(written: str, meant: str) -> None:
    assert mended(written) == meant


@given(st.text(alphabet="€£–’“…éüöÄñ²½ a1."))
def test_any_text_is_mended(text: str) -> None:
    assume(mended(text) == text)
    garbled = text.encode().decode("latin-1").translate(WINDOWS_1252)
    assert mended(garbled) == text
