"""Logs tell who and when, never what was said: whatever their writer passes."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config import LogConfig
from core.events import Party
from core.log import WITHHELD, get_logger, setup, withhold

PHONES = ["010-0123-4567", "01001234567", "02 120 1234", "031)123-4567", "+82-10-0123-4567", "+821001234567"]
RESIDENTS = ["900101-1234567", "9001011234567", "900101 4234567"]


def _lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    captured = capsys.readouterr()
    assert captured.out == "", "stdout belongs to --json"
    return [json.loads(line) for line in captured.err.splitlines()]


def test_a_line_names_room_node_call_and_time(capsys: pytest.CaptureFixture[str]) -> None:
    setup(LogConfig(format="json"), node="node7")
    get_logger("telephony.sip").info("call.started", call_id="c1", workers=4)
    (line,) = _lines(capsys)
    assert line.pop("at").endswith("Z")
    assert line == {
        "event": "call.started",
        "level": "info",
        "room": "telephony.sip",
        "node": "node7",
        "call_id": "c1",
        "workers": 4,
    }


def test_level_of_the_configuration_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    log = get_logger("core")  # made before setup, as modules do
    setup(LogConfig(format="json", level="warning"), node="n")
    log.info("not.this")
    log.warning("this")
    assert [line["event"] for line in _lines(capsys)] == ["this"]


def test_text_format_writes_one_readable_line(capsys: pytest.CaptureFixture[str]) -> None:
    setup(LogConfig(format="text"), node="n")
    get_logger("stt").info("worker.ready", pid=17)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "worker.ready" in captured.err
    assert "pid=17" in captured.err


def test_a_callers_link_is_in_no_line_whoever_writes_it(capsys: pytest.CaptureFixture[str]) -> None:
    setup(LogConfig(format="json"), node="n")
    token = "k4ZoyNdcSFMuxCHd7Y_9ZQ"
    get_logger("ars").warning("phone.odd", url=f"https://minwon.example/v/{token}/search")
    try:
        raise ValueError(f"b'GET /v/{token}/search?q=\\xff HTTP/1.1'")
    except ValueError:
        logging.getLogger("aiohttp.server").exception("Error handling request from 127.0.0.1")
    captured = capsys.readouterr().err
    assert token not in captured and captured.count(f"/v/{WITHHELD}") == 2


@pytest.mark.parametrize("key", ["text", "said", "words", "number", "caller", "query", "password"])
def test_values_under_personal_names_are_withheld(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    setup(LogConfig(format="json"), node="n")
    get_logger("x").info("oops", **{key: "여권 재발급"}, nested={key: "여권 재발급"})
    (line,) = _lines(capsys)
    assert line[key] == WITHHELD
    assert line["nested"] == {key: WITHHELD}


@pytest.mark.parametrize("number", PHONES + RESIDENTS)
def test_personal_numbers_are_taken_out_of_any_value(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    setup(LogConfig(format="json"), node="n")
    log = get_logger("x")
    log.info("oops", uri=f"sip:{number}@10.0.0.1", many=[f"({number})"], fault=ValueError(number))
    log.info(f"dialled {number}")
    logging.getLogger("aiohttp").warning("peer %s", number)
    try:
        raise ValueError(f"no {number}")
    except ValueError:
        log.exception("failed")
    captured = capsys.readouterr().err
    assert len(captured.splitlines()) == 4
    assert number not in captured
    assert captured.count(WITHHELD) >= 6


def test_numbers_that_became_ints_are_withheld() -> None:
    line = withhold(
        None, "info", {"event": "x", "a": 1001234567, "b": 9001011234567, "bytes": 2_345_678_901, "port": 5060}
    )
    assert line == {"event": "x", "a": WITHHELD, "b": WITHHELD, "bytes": 2_345_678_901, "port": 5060}


def test_structs_never_print_their_fields() -> None:
    line = withhold(None, "info", {"event": "x", "who": Party(number="01001234567", name="김하늘")})
    assert line["who"] == "<Party>"


def test_our_own_identifiers_are_never_cut() -> None:
    line = {"event": "x", "call_id": "20261123-025301-0001", "at": "2026-11-23T02:53:01.012345Z"}
    assert withhold(None, "info", dict(line)) == line


@given(before=st.text(alphabet="abc 가나:<(", max_size=5), after=st.text(alphabet="abc 가나>;)", max_size=5))
def test_the_net_holds_whatever_stands_around(before: str, after: str) -> None:
    for number in PHONES + RESIDENTS:
        assert number not in str(withhold(None, "info", {"event": before + number + after})["event"])


def test_setup_twice_gives_each_library_line_once(capsys: pytest.CaptureFixture[str]) -> None:
    setup(LogConfig(format="json"), node="n")
    setup(LogConfig(format="json"), node="n")
    logging.getLogger("aiohttp").warning("once")
    assert [line["event"] for line in _lines(capsys)] == ["once"]
