"""The command line as people meet it: good answers on stdout, one line of advice on stderr, honest exit statuses."""

from __future__ import annotations

import io
import json
import socket
import sys
from pathlib import Path

import pytest

from core.version import VERSION
from server.cli import main

Streams = tuple[int, str, str]


class Terminal:
    """Runs `minwon` with its own home folder."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path) -> None:
        self.folder = home
        self._patch = monkeypatch
        self._capsys = capsys
        monkeypatch.setenv("MINWON_HOME", str(home / "home"))

    def minwon(self, *words: str, stdin: str = "") -> Streams:
        self._patch.setattr(sys, "argv", ["minwon", *words])
        self._patch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as end:
            main()
        out, err = self._capsys.readouterr()
        return int(end.value.code or 0), out, err

    def settings(self, text: str) -> str:
        file = self.folder / "minwon.toml"
        file.write_text(text, "utf-8")
        return str(file)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Terminal:
    return Terminal(monkeypatch, capsys, tmp_path)


def one_line(err: str) -> str:
    assert err.startswith("minwon: ")
    assert err.count("\n") == 1
    return err


def test_version(terminal: Terminal) -> None:
    assert terminal.minwon("--version") == (0, f"minwon {VERSION}\n", "")


def test_an_unknown_command_is_answered_with_a_hint(terminal: Terminal) -> None:
    status, _, err = terminal.minwon("rnu")
    assert status == 2
    assert "rnu" in one_line(err)


def test_a_wrong_setting_is_named_with_the_nearest_right_one(terminal: Terminal) -> None:
    status, out, err = terminal.minwon("run", "--config", terminal.settings("[web]\nprot = 1\n"))
    assert (status, out) == (1, "")
    assert "web.prot" in one_line(err)
    assert "port" in err


def test_a_missing_settings_file_is_named(terminal: Terminal) -> None:
    status, _, err = terminal.minwon("run", "--config", "nowhere.toml")
    assert status == 1
    assert "nowhere.toml" in one_line(err)


def test_a_taken_web_port_is_said_and_nothing_is_left_running(terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        settings = terminal.settings(f"[web]\nport = {port}\n[sip]\nport = 0\nrtp_port = 0\nworkers = 1\n")
        status, out, err = terminal.minwon("run", "--config", settings)
    assert (status, out) == (1, "")
    assert str(port) in err.splitlines()[-1]


def test_a_missing_model_is_said(terminal: Terminal) -> None:
    settings = terminal.settings('[stt]\nmodel = "/nowhere/model"\n')
    status, _, err = terminal.minwon("run", "--config", settings)
    assert status == 1
    assert "/nowhere/model" in err.splitlines()[-1]


def test_check_tells_what_is_in_force(terminal: Terminal) -> None:
    sip = '[sip]\nport = 0\nworkers = 3\nbuild = "wheel"\n'
    settings = terminal.settings("[web]\nport = 0\n" + sip + '[log]\nlevel = "error"\n')
    status, out, _ = terminal.minwon("check", "--config", settings)
    assert status == 0
    assert "sip.workers = 3" in out
    assert "wheel" in out
    assert "no entries" in out


def test_check_hides_secrets_and_fails_when_a_node_cannot_run(terminal: Terminal) -> None:
    settings = terminal.settings(
        '[stt]\nmodel = "/nowhere"\n[sip]\nport = 0\n[web]\nport = 0\n[sip.register]\n'
        'registrar = "sip:pbx.city.example"\nuser = "120"\npassword = "geheim-77"\n'
    )
    status, out, err = terminal.minwon("check", "--json", "--config", settings)
    report = json.loads(out)
    assert status == 1
    assert report["can_run"] is False
    assert any(finding["state"] == "fault" and finding["part"] == "stt" for finding in report["findings"])
    assert "geheim-77" not in out + err


def test_import_then_suggest_answers_line_by_line(terminal: Terminal) -> None:
    file = terminal.folder / "kb.csv"
    file.write_text("번호,제목,키워드\n41,여권 재발급,여권\n42,대형폐기물 배출,장롱;매트리스\n", "cp949")
    status, out, _ = terminal.minwon("kb", "import", str(file), "--json")
    assert (status, json.loads(out)["imported"]) == (0, 2)
    lines = "여권 다시 만들려고요\n네네\n장롱이랑 매트리스를 버리려고 하는데요\n"
    status, out, _ = terminal.minwon("kb", "suggest", "--stdin", "--json", stdin=lines)
    answers = [[card["id"] for card in json.loads(line)["suggestions"]] for line in out.splitlines()]
    assert (status, answers) == (0, [["41"], [], ["42"]])


def test_import_is_told_how_to_read_and_says_what_it_did(terminal: Terminal) -> None:
    file, report = terminal.folder / "kb.csv", terminal.folder / "report.csv"
    file.write_text("이름,설명\n여권,사진\n여권,사진\n,\n등본,신분증 900101-1234567\n", "utf-8")
    options = ("--map", "이름=title", "--map", "설명=body", "--duplicates", "skip", "--report", str(report), "--json")
    status, out, err = terminal.minwon("kb", "import", str(file), *options)
    summary = json.loads(out)
    assert (status, err) == (0, "")
    assert (summary["imported"], [row["line"] for row in summary["rejected"]]) == (1, [3, 5])
    assert report.read_bytes().startswith(b"\xef\xbb\xbf")
    assert "900101" not in out + report.read_text("utf-8-sig")


@pytest.mark.parametrize(
    ("option", "word"),
    [
        (("--map", "없음=title"), "있는 열"),
        (("--encoding", "klingon"), "cp949"),
        (("--duplicates", "burn"), "report"),
    ],
)
def test_a_wrong_option_of_an_import_is_answered_with_what_there_is(
    terminal: Terminal, option: tuple[str, ...], word: str
) -> None:
    file = terminal.folder / "kb.csv"
    file.write_text("제목,내용\n여권,사진\n", "utf-8")
    status, out, err = terminal.minwon("kb", "import", str(file), *option)
    assert status != 0
    assert out == ""
    assert word in err


def test_export_by_extension_by_format_and_to_stdout(terminal: Terminal) -> None:
    file = terminal.folder / "kb.csv"
    file.write_text("번호,제목\n41,여권 재발급\n", "utf-8")
    terminal.minwon("kb", "import", str(file))
    assert terminal.minwon("kb", "export", str(terminal.folder / "out.xlsx"))[0] == 0
    assert (terminal.folder / "out.xlsx").read_bytes().startswith(b"PK")
    assert json.loads(terminal.minwon("kb", "export", "--format", "json")[1])["entries"][0]["id"] == "41"
    assert "41,여권 재발급" in terminal.minwon("kb", "export")[1]
    status, _, err = terminal.minwon("kb", "export", str(terminal.folder / "out.hwp"))
    assert (status, ".xlsx" in err) == (1, True)
    assert terminal.minwon("kb", "export", "--format", "xlsx")[0] == 1


def test_a_table_with_wrong_columns_is_refused_and_changes_nothing(terminal: Terminal) -> None:
    file = terminal.folder / "kb.csv"
    file.write_text("이것,저것\n1,2\n", "utf-8")
    status, out, err = terminal.minwon("kb", "import", str(file))
    assert (status, out) == (1, "")
    assert "제목" in err.splitlines()[-1]
    status, out, _ = terminal.minwon("db", "upgrade")
    assert (status, out) == (0, "the database is at this version's schema; 0 entries\n")


def test_words_and_stdin_together_are_refused(terminal: Terminal) -> None:
    status, _, err = terminal.minwon("kb", "suggest", "여권", "--stdin")
    assert status == 1
    assert "not both" in one_line(err)


def test_a_password_becomes_a_hash(terminal: Terminal) -> None:
    status, out, _ = terminal.minwon("password", stdin="correct horse battery\n")
    assert status == 0
    assert out.startswith("$argon2id$")
    assert "horse" not in out


def test_a_short_password_is_refused(terminal: Terminal) -> None:
    status, out, err = terminal.minwon("password", stdin="kurz\n")
    assert (status, out) == (1, "")
    assert "8 characters" in one_line(err)


def test_size_answers_in_a_table_and_in_json(terminal: Terminal) -> None:
    status, out, err = terminal.minwon("size", "--calls", "2000")
    assert (status, err) == (0, "") and "agents at the telephone" in out and "measured by us" in out
    status, out, _ = terminal.minwon("size", "--json", "--svg", str(terminal.folder / "size.svg"))
    assert json.loads(out)["lines"] == 162
    assert (terminal.folder / "size.svg").read_text("utf-8").startswith("<svg")


def test_size_refuses_nonsense_in_one_line(terminal: Terminal) -> None:
    status, out, err = terminal.minwon("size", "--level", "80")
    assert (status, out) == (1, "") and err.startswith("minwon: --level") and err.count("\n") == 1


def test_firewall_list(terminal: Terminal) -> None:
    file = terminal.settings('[sip]\nhost = "10.20.0.15"\ntrunks = ["10.20.0.10/32"]\n')
    status, out, _ = terminal.minwon("check", "--firewall", "--json", "--config", file)
    assert status == 0 and any(rule["ports"] == "5060-5063" for rule in json.loads(out))


def test_exchange_commands_refuse_in_one_line(terminal: Terminal) -> None:
    for words, says in (
        (("test", "--to", "9196"), "sip:NUMBER@EXCHANGE"),
        (("watch",), "no node runs"),
        (("watch", "--pcap", "x.pcap"), "--call"),
    ):
        status, out, err = terminal.minwon("exchange", *words)
        assert (status, out) == (1, "") and says in err and err.count("\n") == 1
