"""What the check says of builds and limits."""

from __future__ import annotations

from typing import Any

import pytest

from core.config import SipConfig
from server.check_sip import sip_findings
from telephony.sip_build import Build
from tests.telephony.test_sip_build import TUNED, WHEEL

PLENTY = 65536


def told(build: Build, cores: int = 4, files: int = PLENTY, **changes: Any) -> list[tuple[str, str]]:
    return list(sip_findings(SipConfig(**changes), build, cores, files))


def test_the_wheel_is_named_with_its_ceiling_and_what_it_means() -> None:
    (state, says), *others = told(WHEEL)
    assert state == "note"
    assert "wheel 2.15.1.post1 (sip.build best): 4 workers x 2 calls = 8 at a time" in says
    assert "end a worker and its calls" in says and "make pjsua2" in says
    assert others == [("ok", "voices: UDP 16000 to 16399 must pass the firewall to this machine")]


def test_the_tuned_build_is_named_with_its_ceiling() -> None:
    (state, says), *others = told(TUNED)
    assert (state, others[-1][1]) == ("ok", "voices: UDP 16000 to 20799 must pass the firewall to this machine")
    assert "tuned 2.17 (sip.build best): 4 workers x 256 calls = 1024 at a time; broken packets end no worker" in says


@pytest.mark.parametrize(
    ("changes", "cores", "files", "note"),
    [
        ({"workers": 4}, 2, PLENTY, "4 SIP workers on 2 cores: one a core is enough"),
        (
            {"rtp_ports": 400},
            4,
            PLENTY,
            "400 RTP ports carry 100 calls of the 256",
        ),
        ({"workers": 60}, 64, PLENTY, "see sip.rtp_port and sip.workers"),
        ({}, 4, 1024, "only 1024 open files are allowed: they carry 96 calls a worker"),
    ],
)
def test_what_limits_a_tuned_worker_is_a_note(changes: dict[str, Any], cores: int, files: int, note: str) -> None:
    assert any(state == "note" and note in says for state, says in told(TUNED, cores, files, **changes))


def test_the_smallest_limit_is_the_capacity() -> None:
    assert "x 96 calls = 384 at a time" in told(TUNED, files=1024)[0][1]
    assert "x 50 calls = 200 at a time" in told(TUNED, rtp_ports=200)[0][1]


def test_nothing_is_said_of_ports_that_are_anywhere() -> None:
    assert len(told(TUNED, rtp_port=0)) == 1
