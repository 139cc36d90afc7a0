"""Reads ``tests/fixtures/draft_dialogues.txt``: calls with what a draft of their record must say."""

from __future__ import annotations

from pathlib import Path

import msgspec

from core.events import CallJoined, Event, MessageSent, TranscriptFinal

FILE = Path(__file__).parents[2] / "fixtures" / "draft_dialogues.txt"


class Dialogue(msgspec.Struct, kw_only=True):
    """One call."""

    id: str
    category: str
    entry_id: str
    events: list[Event] = []
    need: list[str] = []
    answer: list[str] = []
    never: list[str] = []
    follow: list[str] | None = None
    """None: there must be no follow-up."""


def dialogues() -> list[Dialogue]:
    found: list[Dialogue] = []
    for line in FILE.read_text("utf-8").splitlines():
        if line.startswith("== "):
            name, category, entry_id = (part.strip() for part in line[3:].split("|"))
            found.append(Dialogue(id=name, category=category, entry_id=entry_id))
        elif line and not line.startswith("#"):
            _add(found[-1], line)
    return found


def _add(call: Dialogue, line: str) -> None:
    kind, _, rest = line.partition(" ")
    seq = len(call.events) + 1
    match kind:
        case "C" | "A" | "W":
            who = "agent" if kind == "A" else "caller"
            call.events.append(
                TranscriptFinal(
                    call_id=call.id,
                    seq=seq,
                    speaker=who,  # type: ignore[arg-type]
                    utterance=f"{who}-{seq}",
                    start=seq * 4.0,
                    end=seq * 4.0 + 3,
                    text=rest,
                    typed=kind == "W",
                )
            )
        case "M":
            state = "failed" if rest == "failed" else "sent"
            call.events.append(
                MessageSent(
                    call_id=call.id, seq=seq, message_id="m1", to="01000000000", text="...", by="kim", state=state
                )  # type: ignore[arg-type]
            )
        case "J":
            call.events.append(CallJoined(call_id=call.id, seq=seq, agent_id="han"))
        case "need:" | "answer:" | "never:":
            getattr(call, kind[:-1]).extend(part.strip() for part in rest.split("|"))
        case "follow:":
            call.follow = None if rest.strip() == "-" else [part.strip() for part in rest.split("|")]
        case _:
            raise ValueError(line)
