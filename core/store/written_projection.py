"""From events to a written contact as it stands: pure, one event at a time, by the table of ``core.written``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from core.events import (
    ContactAssigned,
    ContactClosed,
    ContactOpened,
    Event,
    MessageSent,
    Suggested,
    TextReceived,
    Written,
    WrittenBy,
)
from core.written import WrittenStep, after, possible

LAST_TEXT: Final = 80
"""Characters of the newest words in a list."""


def answers(event: MessageSent) -> bool:
    """Whether a person of ours says something with it, and says it now. It is said once: as it is handed over."""
    return event.state == "queued" and _of_a_person(event)


def _of_a_person(event: MessageSent) -> bool:
    return event.by != "" and not event.by.startswith("rule:")


def project_written(known: Written | None, event: Event) -> Written | None:
    """The contact after this event; None before its beginning. Events come in the order of their numbers."""
    if isinstance(event, ContactOpened):
        if known is not None:
            return known
        return Written(
            contact_id=event.call_id,
            channel=event.channel,
            party=event.party,
            to=event.to,
            language=event.language,
            queue=event.queue,
            reply_to=event.reply_to,
            opened=event.at,
            since=event.at,
            last_at=event.at,
            last_seq=event.seq,
        )
    if known is None:
        return None
    known = replace(known, last_seq=event.seq)
    match event:
        case TextReceived():
            return _received(known, event)
        case ContactAssigned(agent_id="") if possible(known.state, "give_back"):
            return replace(_moved(known, "give_back", event), agent_id="", agent_name="")
        case ContactAssigned(agent_id=agent_id, agent_name=name) if agent_id and possible(known.state, "assign"):
            return replace(_moved(known, "assign", event), agent_id=agent_id, agent_name=name)
        case MessageSent(state="queued"):
            return _sent(known, event)
        case MessageSent(state="failed") if _of_a_person(event) and possible(known.state, "fail"):
            known = _moved(known, "fail", event)
            return replace(known, owed_since=known.owed_since or event.at, undelivered=True)
        case Suggested(suggestions=cards):
            best = next((card for card in cards if card.why not in ("alert", "rule")), None)
            return replace(known, topic=best.title) if best is not None else known
        case ContactClosed(reason=reason, agent_id=agent_id):
            over = replace(_moved(known, "close", event), closed=reason, owed_since=None)
            return replace(over, agent_id=agent_id) if agent_id and agent_id != known.agent_id else over
        case _:
            return known


def project_all_written(known: Written | None, events: Iterable[Event]) -> Written | None:
    """The contact after these events."""
    for event in events:
        known = project_written(known, event)
    return known


def _received(known: Written, event: TextReceived) -> Written:
    known = _moved(known, "receive", event)
    return replace(
        _said(known, event, event.text, "them"),
        owed_since=known.owed_since or event.at,
        texts=known.texts + 1,
        photos=known.photos + len(event.photos),
        last_text_seq=event.seq,
    )


def _sent(known: Written, event: MessageSent) -> Written:
    if not answers(event) or not possible(known.state, "answer"):
        return _said(known, event, event.text, "house")
    known = _moved(known, "answer", event)
    return replace(
        _said(known, event, event.text, "agent"),
        owed_since=None,
        first_answer=known.first_answer or event.at,
        undelivered=False,
    )


def _said(known: Written, event: Event, text: str, by: WrittenBy) -> Written:
    words = " ".join(text.split())
    return replace(known, last_text=words[:LAST_TEXT], last_by=by, last_at=event.at)


def _moved(known: Written, step: WrittenStep, event: Event) -> Written:
    """What is kept is drawn as it is: a step that the table does not have (a late answer to a closed one) moves
    nothing."""
    if not possible(known.state, step):
        return known
    state = after(known.state, step)
    return known if state == known.state and step != "assign" else replace(known, state=state, since=event.at)
