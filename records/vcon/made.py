"""A contact's vCon of its events, its record and its recordings. Pure.

What was said stands in it as it stands with us: personal numbers masked, links blanked, as people have corrected it.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from core.events import CallStarted, Event, TranscriptFinal, standing
from core.store.contacts import ContactRecord
from core.version import VERSION
from records.recording.timed_text import timed
from records.vcon.dialogs import Dialogs, Sound
from records.vcon.parties import CALLER, Parties
from records.vcon.shapes import Analysis, Redacted, Vcon

VENDOR: Final = "minwon"
PRODUCT: Final = f"minwon {VERSION}"
TRANSCRIPT: Final = "minwon-transcript-1"
REPORT: Final = "minwon-record-1"
_encode: Final = msgspec.json.Encoder().encode


def vcon(
    events: Sequence[Event],
    record: ContactRecord,
    *,
    corrected: Mapping[str, str],
    sounds: Sequence[Sound],
    centre: str,
    numbers: bool,
    made: datetime,
) -> Vcon:
    """``events``: the contact's line, at least one; ``corrected``: utterance -> what was really said; ``sounds``: its
    recordings, the oldest first; ``centre``: whose people answer; ``numbers``: whether the citizen's number stands in
    it; ``made``: now."""
    line = standing(events)
    parties = Parties(line, record, centre=centre, numbers=numbers)
    dialogs = Dialogs(line, parties, sounds)
    spoken = [event for event in line if isinstance(event, TranscriptFinal)]
    analysis = _record(record, list(range(len(dialogs.all))))
    if spoken and dialogs.spoken:
        analysis.insert(0, _transcript(spoken, line, corrected, dialogs, parties, record))
    gone = {kind for event in spoken for kind in event.masked}
    gone |= {"recording" for sound in sounds if any(silence.why == "number" for silence in sound.recording.silences)}
    gone |= {"tel"} if parties.hidden else set()
    whole = Vcon(
        uuid="",
        created_at=made,
        subject=record.written.category,
        redacted=Redacted(type=" ".join(sorted(gone))) if gone else None,
        parties=parties.all,
        dialog=dialogs.all,
        analysis=analysis,
        attachments=dialogs.attachments,
    )
    return msgspec.structs.replace(whole, uuid=_uuid8(_encode(whole)))


def as_json(one: Vcon) -> bytes:
    """The unsigned form, as it is written and signed."""
    return _encode(one)


def _transcript(
    spoken: Sequence[TranscriptFinal],
    line: Sequence[Event],
    corrected: Mapping[str, str],
    dialogs: Dialogs,
    parties: Parties,
    record: ContactRecord,
) -> Analysis:
    """Word by word, on the call's own line of time; ``dialogs`` says where each file begins on it."""
    begun = next(event.at for event in line if isinstance(event, CallStarted))
    agent = parties.agent(record.agent_id, record.agent_name)
    utterances: list[dict[str, Any]] = []
    for event in sorted(spoken, key=lambda each: each.start):
        text = corrected.get(event.utterance, event.text)
        words = [] if event.typed else timed(text, event.words, event.start, event.end)
        who = {"caller": CALLER, "agent": agent}
        utterances.append(
            {
                "party": who.get(event.speaker),
                "speaker": event.speaker,
                "start": round(event.start, 3),
                "end": round(event.end, 3),
                "text": text,
                "words": [[word.text, round(word.start, 3), round(word.end, 3)] for word in words],
                "confidence": round(event.confidence, 3),
                "corrected": event.utterance in corrected,
                "typed": event.typed,
                "masked": event.masked,
                "language": event.language or record.language,
            }
        )
    starts = {str(place): round((dialogs.all[place].start - begun).total_seconds(), 3) for place in dialogs.spoken}
    return Analysis(
        type="transcript",
        dialog=dialogs.spoken,
        vendor=VENDOR,
        product=PRODUCT,
        schema=TRANSCRIPT,
        mediatype="application/json",
        encoding="json",
        body={"start": begun, "dialog_starts_s": starts, "utterances": utterances},
    )


def _record(record: ContactRecord, dialog: list[int]) -> list[Analysis]:
    """The counselling record; one that nobody has confirmed says that it is a draft."""
    written, draft = record.written, record.state in ("draft", "unasked")
    body = {
        "contact_id": record.contact_id,
        "state": record.state,
        "draft": draft,
        "version": record.version,
        "by": record.by,
        "changed": record.changed,
        "channel": record.channel,
        "began": record.at,
        "ended": record.ended,
        "wait_s": record.wait_s,
        "talk_s": record.talk_s,
        "category": written.category,
        "department": written.department,
        "district": written.district,
        "result": written.result,
        "need": written.need,
        "answer": written.answer,
        "path": record.path,
        "cards": [{"id": card.entry_id, "title": card.title, "version": card.version} for card in record.cards],
        "transfers": [{"to": one.name, "kind": one.kind, "state": one.state} for one in record.transfers],
    }
    found = [
        Analysis(
            type="report",
            dialog=dialog,
            vendor=VENDOR,
            product=PRODUCT,
            schema=REPORT,
            mediatype="application/json",
            encoding="json",
            body=body,
        )
    ]
    if in_short := "\n".join(text for text in (written.need, written.answer) if text):
        found.append(
            Analysis(
                type="summary",
                dialog=dialog,
                vendor=VENDOR,
                product=PRODUCT,
                schema="draft" if draft else "confirmed",
                mediatype="text/plain",
                encoding="none",
                body=in_short,
            )
        )
    return found


def _uuid8(content: bytes) -> str:
    """RFC 9562, section 5.8: 122 bits of a hash."""
    bits = int.from_bytes(hashlib.sha256(content).digest()[:16])
    bits = bits & ~(0xF << 76) | (8 << 76)
    return str(uuid.UUID(int=bits & ~(0x3 << 62) | (0x2 << 62)))
