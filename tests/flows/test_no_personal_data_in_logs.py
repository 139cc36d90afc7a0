"""A telephone number and a resident number go through a whole call; no log line and no stored byte tells them.

The caller's telephone number belongs on the desk and into the history, never into a log. The resident number belongs
nowhere at all.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from telephony.softphone import Answering, Softphone
from tests.flows.conftest import PASSWORD, SpokenFile
from tests.flows.node_process import NodeProcess

pytestmark = [pytest.mark.sip, pytest.mark.slow]

NUMBER = "01000004321"
RESIDENT = "구공공일일오일이삼사오육칠"
RESIDENT_DIGITS = "9001151234567"


def files_of(home: Path) -> list[Path]:
    """Everything that the node wrote, the log apart."""
    kept = [*home.glob("minwon.sqlite3*"), *home.glob("spool/*")]
    assert kept
    return kept


async def test_no_number_reaches_a_log_and_no_resident_number_a_disk(
    tmp_path: Path, site: Callable[[str], Path], spoken_file: SpokenFile
) -> None:
    settings = site("", '[log]\nlevel = "debug"\n').read_text()
    async with Softphone(user="2107", answering=Answering()) as agent, Softphone(user=NUMBER) as caller:
        file = tmp_path / "minwon.toml"
        file.write_text(settings.replace('uri = ""', f'uri = "{agent.uri}"'), "utf-8")
        async with NodeProcess(file, tmp_path) as node:
            call = await caller.dial(f"sip:120@{node.sip[0]}")
            await node.line("CallJoined")
            await call.press(RESIDENT_DIGITS)
            await node.line("KeyPressed", lambda line: line["digit"] == RESIDENT_DIGITS[-1])
            await call.say(spoken_file(" ".join(RESIDENT)))
            await node.line("TranscriptFinal")
            await call.hang_up()
            ended = await node.line("CallEnded")
            history = await node.history(ended["call_id"], "kim", PASSWORD)
    log = (tmp_path / "node.log").read_text()
    said = [event["text"] for event in history if event["type"] == "TranscriptFinal"]
    assert any("가림" in text for text in said), said
    assert "call.started" in log
    assert history[0]["caller"]["number"] == NUMBER
    for secret in (NUMBER, RESIDENT_DIGITS, *said):
        assert secret not in log
    assert [path for path in files_of(tmp_path) if RESIDENT_DIGITS.encode() in path.read_bytes()] == []
    assert not any(event["type"] == "KeyPressed" for event in history)
    assert not any(RESIDENT_DIGITS in line.get("text", "") for line in node.lines)
    assert not any(RESIDENT in line.get("text", "").replace(" ", "") for line in node.lines)
