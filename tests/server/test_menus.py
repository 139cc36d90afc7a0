"""`minwon ars check` and `minwon ars show`, as the engineer meets them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from xml.etree import ElementTree as xml

import pytest

from server.cli import main
from server.menus import check, in_words
from tests.ars.small import SMALL

ICONS = frozenset({"document", "car", "trash", "captions", "globe", "phone", "map"})


class Engineer:
    """Runs `minwon ars` beside a menu file."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self.folder = folder
        self._patch = monkeypatch
        self._capsys = capsys
        monkeypatch.chdir(folder)
        monkeypatch.setattr(
            "ars.menu_files.shelf.icons", lambda: ICONS
        )  # which pictures there are is not what is tested here
        self.save(SMALL)

    def save(self, text: str) -> None:
        (self.folder / "menu.toml").write_text(text, "utf-8")

    def ars(self, *words: str) -> tuple[int, str, str]:
        self._patch.setattr(sys, "argv", ["minwon", "ars", *words])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = self._capsys.readouterr()
        return int(end.value.code or 0), out, err


@pytest.fixture
def engineer(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Engineer:
    return Engineer(monkeypatch, capsys, tmp_path)


def test_a_good_file_is_one_line(engineer: Engineer) -> None:
    status, out, err = engineer.ars("check", "menu.toml")
    version = check("menu.toml").version
    summary = "8 screens, 2 levels, complete in ko, en"
    assert (status, err) == (0, "")
    assert out == f"menu.toml: 0 errors, 0 warnings; {summary}; version {version}\n"


def test_each_finding_is_one_line_that_editors_understand(engineer: Engineer) -> None:
    engineer.save(SMALL.replace('go = "waste"', 'go = "wast"').replace("paid = true\n", ""))
    line = next(number for number, text in enumerate(SMALL.split("\n"), 1) if 'go = "waste"' in text)
    status, out, err = engineer.ars("check", "menu.toml")
    lines = out.splitlines()
    assert (status, err) == (1, "")
    expected = "screens.main.choices[3].go names 'wast', which is no screen; did you mean 'waste'?"
    assert lines[0] == f"menu.toml:{line}: error unknown-target: {expected}"
    assert ": error unreachable: screens.waste is shown to nobody" in lines[1]
    assert ": warning fee-unpaid: screens.waste.fee" in lines[2]
    assert lines[3].startswith("menu.toml: 2 errors, 1 warning; 8 screens")


def test_a_file_that_is_no_menu_is_told_without_a_size(engineer: Engineer) -> None:
    engineer.save(SMALL[:200] + "[")
    status, out, _err = engineer.ars("check", "menu.toml")
    assert status == 1
    assert out.splitlines()[-1] == "menu.toml: 1 error, 0 warnings"
    assert engineer.ars("check", "none.toml")[:2] == (
        1,
        "none.toml: error unreadable: none.toml can't be read (No such file or directory)\n"
        "none.toml: 1 error, 0 warnings\n",
    )


def test_as_json_it_is_one_object(engineer: Engineer) -> None:
    engineer.save(SMALL.replace('go = "waste"', 'go = "wast"'))
    status, out, _err = engineer.ars("check", "menu.toml", "--json")
    report = json.loads(out)
    assert status == 1
    assert {key: report[key] for key in ("file", "usable", "errors", "warnings", "screens", "levels", "languages")} == {
        "file": "menu.toml",
        "usable": False,
        "errors": 2,
        "warnings": 0,
        "screens": 8,
        "levels": 2,
        "languages": ["ko", "en"],
    }
    first = report["findings"][0]
    assert (first["level"], first["code"], first["path"]) == ("error", "unknown-target", "screens.main.choices[3].go")
    assert first["line"] > 0


def test_recordings_are_looked_for_in_the_given_folder(engineer: Engineer) -> None:
    engineer.save(SMALL.replace("[screens.thanks]\n", '[screens.thanks]\nprompt = "thanks"\n'))
    (engineer.folder / "prompts").mkdir()
    (engineer.folder / "prompts" / "thanks.ko.wav").touch()
    status, out, _err = engineer.ars("check", "menu.toml", "--prompts", "prompts")
    assert status == 0
    assert "warning missing-recording: screens.thanks.prompt has no recording thanks.en.wav" in out
    status, _out, err = engineer.ars("check", "menu.toml", "--prompts", "nowhere")
    assert (status, err) == (1, "minwon: nowhere is not a folder: give the one with the recordings (--prompts)\n")


def test_the_sample_is_known_by_name(engineer: Engineer) -> None:
    assert engineer.ars("check", "hanbit")[0] == 0
    report = check("hanbit")
    assert report.usable, in_words(report)
    assert report.screens >= 40
    assert report.levels <= 3
    assert set(report.languages) == {"ko", "en"}
    status, out, _err = engineer.ars("show", "hanbit")
    assert status == 0
    assert out.startswith("한빛시 민원콜센터")


def test_the_tree_is_shown_in_any_language_and_whole_when_nobody_watches(engineer: Engineer) -> None:
    status, out, err = engineer.ars("show", "menu.toml", "--language", "en")
    assert (status, err) == (0, "")
    assert "3 Bulky waste  waste  [paid]  [form of 3]  [text]\n" in out
    status, _out, err = engineer.ars("show", "menu.toml", "--language", "fr")
    assert (status, err) == (1, "minwon: 'fr' is no language of menus: ko, en, zh, ja, vi, mn\n")


def test_the_picture_goes_to_a_file_or_to_stdout(engineer: Engineer) -> None:
    assert engineer.ars("show", "menu.toml", "--svg", "menu.svg") == (0, "menu.svg written\n", "")
    written = (engineer.folder / "menu.svg").read_text("utf-8")
    assert xml.fromstring(written).get("lang") == "ko"
    assert engineer.ars("show", "menu.toml", "--svg", "-") == (0, written, "")
    status, _out, err = engineer.ars("show", "menu.toml", "--svg", "none/menu.svg")
    assert (status, err) == (1, "minwon: cannot write none/menu.svg (No such file or directory)\n")


def test_a_menu_with_mistakes_is_drawn_and_they_are_told(engineer: Engineer) -> None:
    engineer.save(SMALL.replace('go = "waste"', 'go = "wast"'))
    status, out, err = engineer.ars("show", "menu.toml")
    assert status == 0
    assert "wast?" in out
    assert err == "minwon: 2 errors in menu.toml: minwon ars check menu.toml\n"
    engineer.save("[[[")
    status, out, err = engineer.ars("show", "menu.toml")
    assert (status, out) == (1, "")
    assert err.startswith("minwon: menu.toml:1: not TOML")
