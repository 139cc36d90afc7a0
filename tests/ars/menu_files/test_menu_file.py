"""Menu files: good ones become menus, everything else becomes findings with a line."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ars.menu_files import menu_file
from ars.menu_files.finding import Finding, in_words, line_of, nearest
from ars.menu_files.menu_file import builtin, find, load, menu_of, read, shipped
from ars.model import OURS
from core.errors import BadInput
from tests.ars.small import SMALL, small_menu


def findings(text: str) -> tuple[Finding, ...]:
    return read(text.encode()).findings


def only(text: str) -> Finding:
    found = findings(text)
    assert len(found) == 1, found
    return found[0]


def changed(old: str, new: str) -> str:
    assert SMALL.count(old) == 1, old
    return SMALL.replace(old, new)


def line_with(text: str, fragment: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if fragment in line)


def test_a_good_file_is_a_menu_with_our_screens_and_a_version(tmp_path: Path) -> None:
    file = tmp_path / "menu.toml"
    file.write_text(SMALL, "utf-8")
    loaded = load(file)
    assert loaded.usable
    assert loaded.findings == ()
    assert loaded.menu is not None
    assert loaded.menu.version == loaded.version == hashlib.sha256(SMALL.encode()).hexdigest()[:12]
    assert set(loaded.menu.screens) == {*OURS, *small_menu().screens}
    assert loaded.menu.screens["main"].choices[2].go == "waste"


def test_the_file_wins_over_our_screens() -> None:
    own = '[screens."@over"]\ntitle = { ko = "끝", en = "End" }\n'
    menu = menu_of(read((SMALL + own).encode()), "small.toml")
    assert menu.screens["@over"].title["ko"] == "끝"
    assert menu.screens["@wait"] == builtin()["@wait"]


def test_our_screens_are_all_there() -> None:
    assert set(builtin()) == set(OURS)


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ('{ digit = "3"', "{ digit = 3", "wrong-type", 'is 3; it must be one of "1", "2"'),
        ("minutes = 10", "minutes = 500", "wrong-value", "is 500; it must be a whole number from 0 to 120"),
        ("minutes = 10", "minuets = 10", "unknown-key", "did you mean 'minutes'?"),
        ("paid = true", 'paid = "yes"', "wrong-type", 'is "yes"; it must be true or false'),
        ("latitude = 37.5", "latitude = 375", "wrong-value", "it must be a number from -90 to 90"),
        ('phone = "031-0000-2345"', 'phone = "시청"', "wrong-value", "telephone number of digits and hyphens"),
        ("date = 2099-01-01", 'date = "next year"', "wrong-type", "it must be a day, like 2026-10-09"),
        ("date = 2099-01-01", "date = 2099-01-01T00:00:00", "wrong-type", "it must be a day"),
        (
            'opens = "12:00", closes = "13:00"',
            'opens = "13:00", closes = "12:00"',
            "wrong-value",
            "open before they close",
        ),
        ('opens = "12:00", closes = "13:00"', 'opens = "noon", closes = "13:00"', "wrong-value", "written as HH:MM"),
        ('do = "transfer" }', 'do = "transfr" }', "wrong-value", "did you mean 'transfer'?"),
        ('do = "transfer" }', "do = 7 }", "wrong-value", "known are book_callback, finish"),
        ('do = "transfer" }', 'queue = "" }', "missing", "has no 'do'; it must be one of book_callback"),
        ('[{ do = "transfer" }]', '["transfer"]', "wrong-type", "a table like { do = ... }"),
        ('[{ do = "transfer" }]', '{ do = "transfer" }', "wrong-type", "is a table; it must be a list of tables"),
        ("at = [80, 60]", "at = [80]", "wrong-value", "a pair of numbers, like [120, -40]"),
        ('url = "https://city.example/"', 'url = "http://city.example/"', "wrong-value", "begins with https://"),
        ("fee = { ko", "fee = { kr", "unknown-language", "'kr' is no language; known are ko, en, zh, ja, vi, mn"),
        (
            'title = { ko = "접수되었습니다", en = "Thank you" }',
            'title = "접수되었습니다"',
            "wrong-type",
            "words by language",
        ),
        ('title = { ko = "접수되었습니다", en = "Thank you" }\n', "", "missing", "screens.thanks has no 'title'"),
        ('languages = ["ko", "en"]', 'languages = ["ko", "de"]', "wrong-value", 'is "de"; it must be one of'),
        ('hours = [{ opens = "12:00", closes = "13:00" }]', "hours = []", "wrong-value", "is empty; it must be a list"),
        ("[places.hall]", "[[places.hall]]", "wrong-type", "it must be a table with name, address"),
        ('id = "small"', 'version = "abc"\nid = "small"', "unknown-key", "delete this line"),
        ('id = "small"', 'id = "Small Menu"', "wrong-value", "a short name of small letters"),
    ],
)
def test_what_has_not_the_shape_of_a_menu_is_told_in_words(old: str, new: str, code: str, says: str) -> None:
    text = changed(old, new)
    found = [finding for finding in findings(text) if finding.code == code and says in finding.message]
    assert found, findings(text)
    fragment = next(line for line in new.split("\n") if line) if new else "[screens.thanks]"
    assert found[0].line == line_with(text, fragment)
    assert found[0].level == "error"
    assert found[0].path
    assert not read(text.encode()).usable


def test_everything_is_found_in_one_go() -> None:
    text = SMALL.replace("minutes = 10", "minuets = 10").replace("paid = true", "paid = 1")
    assert [finding.code for finding in findings(text)] == ["unknown-key", "wrong-type"]
    assert [finding.line for finding in findings(text)] == sorted(finding.line for finding in findings(text))


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (changed("minutes = 10", "minutes = "), line_with(SMALL, "minutes = 10"), "not TOML: invalid value"),
        (changed("minutes = 10", "minutes = 10\nminutes = 11"), line_with(SMALL, "minutes = 10") + 1, "overwrite"),
        (SMALL + "[screens.main]\n", SMALL.count("\n") + 1, "twice"),
        (SMALL + 'x = """\n\n', SMALL.count("\n") + 2, "not TOML"),
        ("a = " + "[" * 20_000, 0, "too deeply"),
        ("a = " + "9" * 10_000, 0, "not TOML"),
    ],
)
def test_a_slip_of_syntax_has_the_line_that_tomllib_saw(text: str, line: int, says: str) -> None:
    finding = only(text)
    assert finding.code == "syntax"
    assert finding.line == line
    assert says in finding.message


def test_windows_files_with_a_mark_in_front_and_two_line_ends_are_read() -> None:
    data = b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode()
    loaded = read(data)
    assert loaded.usable
    broken = read(data.replace(b"minutes = 10", b"minutes = 500")).findings
    assert [finding.line for finding in broken] == [line_with(SMALL, "minutes = 10")]


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        (SMALL.encode("cp949"), line_with(SMALL, "한빛시"), "CP949"),
        (SMALL.encode("utf-16"), 1, "UTF-16"),
        (b"a = 1\nb = '\xff\xfe\xfd'\n", 2, "not UTF-8; save"),
        (b"\x89PNG\r\n\x1a\n\0\0", 1, "not UTF-8"),
    ],
)
def test_other_encodings_are_told(data: bytes, line: int, says: str) -> None:
    finding = read(data).findings[0]
    assert (finding.code, finding.line) == ("encoding", line)
    assert says in finding.message
    assert "save it as UTF-8" in finding.message


def test_what_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(tmp_path / "none.toml").findings[0].code == "unreadable"
    assert load(tmp_path).findings[0].code == "unreadable"
    yaml = load(tmp_path / "menu.yaml").findings[0]
    assert yaml.code == "yaml"
    assert "docs/menu-file.md" in yaml.message
    monkeypatch.setattr(menu_file, "LARGEST", 100)
    assert read(SMALL.encode()).findings[0].code == "too-large"
    assert read(b"").findings[0].code == "missing"


def test_who_needs_a_menu_gets_one_line_of_advice() -> None:
    with pytest.raises(
        BadInput, match=r"^m\.toml:\d+: screens\.parking\.minuets is nothing.* \(minwon ars check m.toml"
    ):
        menu_of(read(changed("minutes = 10", "minuets = 10").encode()), "m.toml")


def test_shipped_menus_have_a_name() -> None:
    hanbit = shipped("hanbit")
    assert hanbit is not None
    assert load(hanbit).usable
    assert find("hanbit") == hanbit
    assert shipped("../model") is None
    assert find("./menu.toml") == Path("menu.toml")


def test_places_are_written_as_people_count() -> None:
    assert in_words(("screens", "@wait", "choices", 2, "go")) == 'screens."@wait".choices[3].go'
    assert in_words(("start", 0)) == "start[1]"
    assert line_of("m.toml", Finding(12, "error", "syntax", "no")) == "m.toml:12: error syntax: no"
    assert line_of("m.toml", Finding(0, "warning", "yaml", "no")) == "m.toml: warning yaml: no"


def test_the_nearest_name_is_offered_else_what_there_is() -> None:
    assert nearest("tax2", ["tax", "waste"]) == "; did you mean 'tax'?"
    assert nearest("qqq", ["tax", "waste"]) == "; known are tax, waste"
    assert nearest("qqq", []) == "; there is none at all"
    assert nearest("qqq", [f"a{number}" for number in range(50)]) == ""


@given(st.integers(0, len(SMALL)))
def test_half_a_file_is_findings(length: int) -> None:
    loaded = read(SMALL[:length].encode())
    assert loaded.usable or loaded.errors


@given(st.data())
def test_any_mutation_is_a_menu_or_findings(data: st.DataObject) -> None:
    text = SMALL
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = start + data.draw(st.integers(0, 30))
        piece = data.draw(
            st.one_of(
                st.text(max_size=5),
                st.sampled_from(
                    ["go = ", '"@wait"', "[[screens.main.choices]]\n", "{ }", "[]", "1", '""', "day", "\n"]
                ),
                st.integers(0, len(SMALL) - 40).map(lambda at: SMALL[at : at + 40]),
            )
        )
        text = text[:start] + piece + text[end:]
    loaded = read(text.encode("utf-8", "replace"))
    assert loaded.usable or loaded.errors
    assert all(0 <= finding.line <= text.count("\n") + 1 for finding in loaded.findings)
    assert all("\n" not in finding.message for finding in loaded.findings)


@given(st.binary(max_size=200))
def test_any_bytes_are_findings(data: bytes) -> None:
    assert read(data).errors
