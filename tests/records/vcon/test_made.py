"""A contact as a vCon, held to the draft's rules."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.events import (
    CallEnded,
    CallHeld,
    CallJoined,
    CallResumed,
    CallStarted,
    ContactAssigned,
    ContactClosed,
    ContactOpened,
    Event,
    FormSent,
    FormValue,
    MessageSent,
    Party,
    TextReceived,
    TranscriptFinal,
    TransferChanged,
    Word,
    renumbered,
)
from core.store.contacts import ContactRecord, Wording
from core.store.recordings import Recording, Silence
from records.record.course import course
from records.vcon.dialogs import Sound
from records.vcon.made import as_json, vcon
from server.bench.simulated_contacts import SimulatedCity
from server.knowledge import sample_entries
from tests.records.vcon.rules import require

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NUMBER = "01012345678"


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def a_call() -> list[Event]:
    line: list[Event] = [
        CallStarted(at=T0, caller=Party(number=NUMBER, name="홍길동"), called="120"),
        CallJoined(at=at(5), agent_id="kim", agent_name="김하늘"),
        TranscriptFinal(
            at=at(8),
            speaker="caller",
            utterance="u1",
            start=6.0,
            end=8.0,
            text="제 번호는 ******-******* 입니다",
            words=(Word(text="제", start=6.0, end=6.2, confidence=0.9),),
            masked=("resident_number",),
        ),
        TranscriptFinal(at=at(10), speaker="agent", utterance="u2", start=9.0, end=10.0, text="여권가로"),
        CallHeld(at=at(11), by="agent"),
        CallResumed(at=at(20), by="agent"),
        FormSent(
            at=at(21),
            visit_id="v",
            screen="s",
            title="폐기물",
            values=(
                FormValue(field="item", label="품목", value="책장"),
                FormValue(field="secret", label="비밀", value="1234", hidden=True),
            ),
        ),
        MessageSent(at=at(22), message_id="m1", to=NUMBER, text="여권과 안내", by="kim", state="queued"),
        MessageSent(at=at(23), message_id="m1", to=NUMBER, text="여권과 안내", by="kim", state="sent"),
        MessageSent(at=at(24), message_id="m1", to=NUMBER, text="여권과 안내", by="kim", state="delivered"),
        TransferChanged(at=at(25), transfer_id="t", kind="blind", state="done", to="2107", name="여권과", by="kim"),
        CallEnded(at=at(60), reason="caller_hung_up", duration_s=60.0, talk_s=55.0),
    ]
    return numbered(line)


def numbered(line: Sequence[Event]) -> list[Event]:
    return [renumbered(event, call_id="c1", seq=seq) for seq, event in enumerate(line, start=1)]


def recording(**more: Any) -> Recording:
    known = {
        "call_id": "c1",
        "agents": ("kim",),
        "started": at(5),
        "offset_s": 5.0,
        "seconds": 50.0,
        "content": "audio/ogg; codecs=opus",
        "file": "f",
        "size": 1,
        "audio_size": 1,
        "sha256": "ab",
        "wrapped_key": b"",
        "key_id": "k",
        "silences": (Silence(start=1, end=2, why="number"),),
    }
    return Recording(recording_id="rec-1", **{**known, **more})


def made(events: Sequence[Event], *sounds: Sound, numbers: bool = False, state: str = "confirmed") -> dict[str, Any]:
    record = ContactRecord(
        contact_id=events[0].call_id,
        written=Wording(category="여권", need="여권을 다시 만들려 합니다.", answer="안내했습니다."),
        state=state,  # type: ignore[arg-type]
        version=1,
        **course(list(events)),
    )
    one = vcon(
        events, record, corrected={"u2": "여권과로"}, sounds=sounds, centre="한빛시", numbers=numbers, made=at(100)
    )
    found: dict[str, Any] = json.loads(as_json(one))
    require(found)
    return found


def test_a_call_with_all_that_belongs_to_it() -> None:
    sound = Sound(recording=recording(), filename="a.ogg", body=b"OggS\xff\xfe")
    found = made(a_call(), sound)
    spoken, text, transfer = found["dialog"]
    assert (spoken["type"], spoken["parties"], spoken["duration"]) == ("recording", [0, 1], 50.0)
    assert base64.urlsafe_b64decode(spoken["body"] + "==")[:4] == b"OggS"
    assert [event["event"] for event in spoken["party_history"]] == ["join", "join", "hold", "unhold", "drop"]
    assert (text["body"], text["parties"], text["message_id"]) == ("여권과 안내", [1, 0], "m1")
    assert (transfer["transferee"], transfer["transferor"], transfer["original"]) == (0, 1, 0)
    assert found["parties"][transfer["transfer_target"]]["name"] == "여권과"
    transcript, report, summary = found["analysis"]
    said = transcript["body"]["utterances"]
    assert [each["party"] for each in said] == [0, 1]
    assert said[0]["words"][0] == ["제", 6.0, 6.2] and said[0]["masked"] == ["resident_number"]
    assert (said[1]["text"], said[1]["corrected"]) == ("여권과로", True)
    assert transcript["body"]["dialog_starts_s"] == {"0": 5.0}
    assert report["body"]["draft"] is False and summary["body"].startswith("여권을 다시")
    (form,) = found["attachments"]
    assert form["body"]["values"] == [{"field": "item", "label": "품목", "value": "책장"}]
    assert found["redacted"] == {"type": "recording resident_number tel"}
    assert NUMBER not in json.dumps(found) and "홍길동" not in json.dumps(found, ensure_ascii=False)


def test_the_number_stands_in_it_for_those_who_ask() -> None:
    found = made(a_call(), numbers=True)
    assert found["parties"][0]["tel"] == f"tel:{NUMBER};phone-context=+82"
    assert "tel" not in found["redacted"]["type"].split()


def test_a_recording_by_reference_and_none() -> None:
    digest = "sha512-" + base64.urlsafe_b64encode(hashlib.sha512(b"x").digest()).decode().rstrip("=")
    url = "https://120.city.example/api/v1/recordings/rec-1/audio"
    there = made(a_call(), Sound(recording=recording(), filename="a.ogg", url=url, content_hash=digest))
    assert (there["dialog"][0]["url"], there["dialog"][0]["content_hash"]) == (url, digest)
    without = made(a_call())
    assert without["dialog"][0]["type"] == "recording" and "body" not in without["dialog"][0]


def test_a_draft_says_that_it_is_one() -> None:
    _transcript, report, summary = made(a_call(), state="unasked")["analysis"]
    assert report["body"]["draft"] is True and summary["schema"] == "draft"


def test_nobody_answered() -> None:
    line = numbered(
        [CallStarted(at=T0, caller=Party(number=NUMBER)), CallEnded(at=at(9), reason="no_agent", duration_s=9.0)]
    )
    (only,) = made(line)["dialog"]
    assert (only["type"], only["disposition"]) == ("incomplete", "no-answer")


def test_a_written_contact() -> None:
    line = numbered(
        [
            ContactOpened(at=T0, channel="text", party=Party(number=NUMBER)),
            TextReceived(at=T0, text_id="t1", text="가로등이 꺼졌어요", photos=("p1",)),
            ContactAssigned(at=at(1), agent_id="kim", agent_name="김하늘"),
            MessageSent(at=at(60), message_id="m1", to=NUMBER, text="접수했습니다", by="kim", state="delivered"),
            ContactClosed(at=at(90), reason="answered", agent_id="kim"),
        ]
    )
    found = made(line)
    assert [dialog["parties"] for dialog in found["dialog"]] == [[0, 1], [1, 0]]
    assert found["attachments"][0]["filename"] == "p1"
    assert [analysis["type"] for analysis in found["analysis"]] == ["report", "summary"]


def test_the_same_contact_is_the_same_uuid() -> None:
    assert made(a_call())["uuid"] == made(a_call())["uuid"]
    assert made(a_call())["uuid"] != made(a_call(), numbers=True)["uuid"]


def test_a_day_of_a_city() -> None:
    city = SimulatedCity(sample_entries(), 7, contacts_a_day=150, spoken=True)
    for contact in city.contacts(date(2026, 3, 2), days=1):
        made(list(contact.events))
