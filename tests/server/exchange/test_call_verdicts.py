"""What a test call's facts mean: each fault has its verdict and its way out."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from server.exchange.call_facts import CallFacts, Pace, pace_of, packet_ms
from server.exchange.call_verdicts import judged
from server.exchange.ladder import Seen
from server.exchange.step import Step
from server.exchange.tones import Found
from telephony.softphone_messages import Stream

STREAM = Stream(
    at=1.0,
    codec="PCMA",
    told="10.0.0.5:20000",
    source="10.0.0.5:20000",
    packets=150,
    bytes=150 * 160,
    lost=0,
    reordered=0,
    doubled=0,
    jitter_ms=1.0,
    round_trip_ms=0.0,
    key_type=101,
)
ECHO = Found(found=True, at_s=0.1, whole=8, alike=0.9, level_db=-1.0, loudest_dbfs=-20)
SILENCE, OTHER = Found(found=False), Found(found=False, loudest_dbfs=-20.0)


def facts(**fields: Any) -> CallFacts:
    good: dict[str, Any] = {
        "to": "sip:9196@10.0.0.5",
        "answered": True,
        "stream": STREAM,
        "pace": Pace(50.0, 10.0, 100.0),
        "echo": ECHO,
        "round_trip_s": 0.06,
        "keys_sent": "159#",
        "keys_back": "159#",
        "info_status": 200,
        "hold_status": 200,
        "after_hold": ECHO,
        "bye_status": 200,
    }
    return CallFacts(**{**good, **fields})


def verdict(of: CallFacts, name: str) -> Step:
    return next(step for step in judged(of) if step.name == name)


def stream(**fields: Any) -> Stream:
    return msgspec.structs.replace(STREAM, **fields)


def test_a_good_call_is_good() -> None:
    steps = judged(facts())
    assert [step.name for step in steps] == [
        "call", "codec", "audio", "rtp", "packets", "clock", "keys", "keys by INFO", "hold", "end",
    ]  # fmt: skip
    assert {step.state for step in steps} == {"ok"}
    assert all(not step.change for step in steps)


@pytest.mark.parametrize(
    ("changes", "name", "state", "hint"),
    [
        ({"stream": stream(packets=0, source=""), "echo": SILENCE}, "audio", "fault", "firewall"),
        ({"echo": SILENCE}, "audio", "fault", "echo number"),
        ({"echo": OTHER}, "audio", "note", "echo number"),
        ({"echo": msgspec.structs.replace(ECHO, whole=6)}, "audio", "note", "loss"),
        ({"echo": msgspec.structs.replace(ECHO, level_db=-20.0)}, "audio", "note", "attenuation"),
        ({"round_trip_s": 0.7}, "audio", "note", "detour"),
        ({"stream": stream(codec="PCMU")}, "codec", "note", "PCMA"),
        ({"stream": stream(source="10.0.0.6:20000")}, "rtp", "note", "both addresses"),
        ({"stream": stream(bytes=150 * 240), "pace": Pace(33.3, 0, 100)}, "packets", "note", "20 ms"),
        ({"stream": stream(lost=10)}, "packets", "note", "DSCP"),
        ({"stream": stream(jitter_ms=35.0)}, "packets", "note", "priority"),
        ({"stream": stream(doubled=3)}, "packets", "note", "loop"),
        ({"pace": Pace(30.0, -400_000, 100)}, "packets", "note", "VAD"),
        ({"pace": Pace(50.1, 2000, 100)}, "clock", "note", "NTP"),
        ({"pace": Pace(50.1, 2000, 2700)}, "clock", "ok", ""),
        ({"stream": stream(key_type=-1), "keys_back": ""}, "keys", "note", "4733"),
        ({"keys_back": "1159"}, "keys", "note", "two ways"),
        ({"keys_back": ""}, "keys", "ok", ""),
        ({"info_status": 415}, "keys by INFO", "ok", ""),
        ({"hold_status": 488}, "hold", "fault", "re-INVITE"),
        ({"after_hold": SILENCE}, "hold", "fault", "one port"),
        ({"bye_status": 0}, "end", "fault", "Contact"),
        ({"bye_status": 481}, "end", "fault", "Contact"),
        ({"ended_early": "200 Normal"}, "end", "note", "half a minute"),
    ],
)
def test_each_fault_has_its_verdict(changes: dict[str, Any], name: str, state: str, hint: str) -> None:
    step = verdict(facts(**changes), name)
    assert step.state == state
    assert hint in step.change


@pytest.mark.parametrize("status", [401, 403, 404, 407, 408, 480, 486, 488, 503, 606, 599])
def test_refusals_name_a_way_out(status: int) -> None:
    (step,) = judged(facts(answered=False, status=status, reason="Odd"))
    assert (step.state, bool(step.change)) == ("fault", True)
    assert str(status) in step.says


def test_nobody_answers() -> None:
    (step,) = judged(facts(answered=False, status=0, answer_s=20.0))
    assert "within 20 s" in step.says


def test_a_codec_that_we_do_not_speak() -> None:
    text = (
        "SIP/2.0 200 OK\r\nCall-ID: a\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\n\r\n"
        "c=IN IP4 10.0.0.5\r\nm=audio 9 RTP/AVP 18\r\n"
    )
    seen = Seen(at=1.0, sent=False, peer="10.0.0.5:5060", text=text.encode())
    (step,) = judged(facts(answered=False, status=200, messages=(seen,)))
    assert "G729" in step.says and "PCMA" in step.change


def test_a_call_to_ourselves() -> None:
    good = facts(itself=True, far_heard=ECHO, bye_came=True)
    assert {step.state for step in judged(good)} == {"ok"}
    assert verdict(facts(itself=True, far_heard=SILENCE), "audio").state == "fault"
    assert verdict(facts(itself=True, far_heard=ECHO, leaked=True), "audio").state == "note"
    assert verdict(facts(itself=True, far_heard=ECHO, keys_back=""), "keys").state == "fault"


def test_the_pace_of_packets() -> None:
    """Looked at every 20 ms, packets every 20 ms: the slope is right within its error."""
    ppm = 3000.0
    rows = [stream(at=0.02 * tick, packets=int(1 + 0.02 * tick * 50 * (1 + ppm / 1e6))) for tick in range(400)]
    rows = [msgspec.structs.replace(row, bytes=row.packets * 160) for row in rows]
    pace = pace_of(rows)
    assert pace is not None
    assert abs(pace.drift_ppm - ppm) < pace.error_ppm
    assert pace_of(rows[:10]) is None and pace_of([]) is None


def test_packet_size() -> None:
    assert packet_ms(stream(bytes=150 * 80)) == 10
    assert packet_ms(stream(packets=0)) == 0
    assert packet_ms(stream(codec="G722")) == 0
