"""What passed between people, as dialogs of a vCon: a call's recordings, its transfers, texts, and forms beside them.

A call without a recording has a placeholder (section 4.3), so that its transcript has something to be of. Pure.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Literal

import msgspec

from core.events import (
    CallEnded,
    CallHeld,
    CallJoined,
    CallResumed,
    CallStarted,
    ContactAssigned,
    Event,
    FormSent,
    MessageSent,
    PhotoReceived,
    TextReceived,
    TransferChanged,
)
from core.store.recordings import Recording
from records.vcon.parties import CALLER, Parties
from records.vcon.shapes import Attachment, Dialog, PartyEvent

Incomplete = Literal["no-answer", "congestion", "failed", "hung-up"]


class Sound(msgspec.Struct, frozen=True, kw_only=True):
    """A recording of the contact and how it is given."""

    recording: Recording
    """Which."""
    filename: str
    """Its name as a file."""
    url: str = ""
    """https: where it is to be had, '' = nowhere or inline."""
    content_hash: str = ""
    """Of the file, with ``url``."""
    body: bytes | None = None
    """The file itself, None = not inline."""


class Dialogs:
    """All of a contact, in the order in which they were added."""

    def __init__(self, events: Sequence[Event], parties: Parties, sounds: Sequence[Sound]) -> None:
        self.all: list[Dialog] = []
        self.attachments: list[Attachment] = []
        self._events = events
        self._parties = parties
        started = next((event for event in events if isinstance(event, CallStarted)), None)
        if started is not None:
            self._call(started, sounds)
        self.spoken = list(range(len(self.all)))
        """Places of what was spoken."""
        sent: set[str] = set()
        for event in events:
            match event:
                case MessageSent() if event.state in ("sent", "delivered") and event.message_id not in sent:
                    sent.add(event.message_id)
                    self._text(event)
                case TextReceived():
                    self._received(event)
                case TransferChanged(state="done"):
                    self._transfer(event)
                case FormSent():
                    values = [value for value in event.values if not value.hidden]
                    body = [{"field": one.field, "label": one.label, "value": one.value} for one in values]
                    self._attach("form", event, filename="", body={"title": event.title, "values": body})
                case PhotoReceived():
                    self._attach("photo", event, filename=event.photo_id)
                case _:
                    pass

    def _call(self, started: CallStarted, sounds: Sequence[Sound]) -> None:
        joined = [event for event in self._events if isinstance(event, CallJoined) and event.agent_id]
        ended = next((event for event in self._events if isinstance(event, CallEnded)), None)
        application = "telephone"
        if not joined and not sounds:
            self.all.append(
                Dialog(
                    type="incomplete",
                    start=started.at,
                    duration=ended.duration_s if ended else None,
                    parties=[CALLER],
                    disposition=_why(ended),
                    application=application,
                )
            )
            return
        agents = [self._parties.agent(event.agent_id, event.agent_name) for event in joined]
        for sound in sounds:
            one = sound.recording
            hers = [self._parties.agent(agent_id) for agent_id in one.agents] or agents
            inline = sound.body is not None
            self.all.append(
                Dialog(
                    type="recording",
                    start=one.started,
                    duration=round(one.seconds, 3),
                    parties=[CALLER, hers[0]] if hers else [CALLER],
                    mediatype=one.content if inline or sound.url else "",
                    filename=sound.filename,
                    body=base64.urlsafe_b64encode(sound.body).decode().rstrip("=") if sound.body is not None else None,
                    encoding="base64url" if inline else "",
                    url=sound.url,
                    content_hash=sound.content_hash if sound.url else "",
                    application=application,
                    party_history=self._history(),
                )
            )
        if not sounds:
            self.all.append(
                Dialog(
                    type="recording",
                    start=started.at,
                    duration=ended.duration_s if ended else None,
                    parties=list(dict.fromkeys([CALLER, *agents])),
                    application=application,
                    party_history=self._history(),
                )
            )

    def _history(self) -> list[PartyEvent]:
        found: list[PartyEvent] = []
        agent: int | None = None
        for event in self._events:
            match event:
                case CallStarted():
                    found.append(PartyEvent(party=CALLER, time=event.at, event="join"))
                case CallJoined() if event.agent_id:
                    place = self._parties.agent(event.agent_id, event.agent_name)
                    if agent is not None and agent != place:
                        found.append(PartyEvent(party=agent, time=event.at, event="drop"))
                    agent = place
                    found.append(PartyEvent(party=place, time=event.at, event="join"))
                case CallHeld():
                    found.append(PartyEvent(party=CALLER, time=event.at, event="hold"))
                case CallResumed():
                    found.append(PartyEvent(party=CALLER, time=event.at, event="unhold"))
                case CallEnded():
                    found.append(PartyEvent(party=CALLER, time=event.at, event="drop"))
                case _:
                    pass
        return found

    def _text(self, event: MessageSent) -> None:
        self.all.append(
            Dialog(
                type="text",
                start=event.at,
                parties=[self._parties.agent(event.by), CALLER],
                mediatype="text/plain",
                body=event.text,
                encoding="none",
                application=event.kind,
                message_id=event.message_id,
            )
        )

    def _received(self, event: TextReceived) -> None:
        assigned = [each for each in self._events if isinstance(each, ContactAssigned) and each.agent_id]
        to = [self._parties.agent(assigned[-1].agent_id, assigned[-1].agent_name)] if assigned else []
        self.all.append(
            Dialog(
                type="text",
                start=event.at,
                parties=[CALLER, *to],
                mediatype="text/plain",
                body=event.text,
                encoding="none",
                application="text",
                message_id=event.text_id,
            )
        )
        for photo in event.photos:
            self._attach("photo", event, filename=photo)

    def _transfer(self, event: TransferChanged) -> None:
        joined = [each for each in self._events if isinstance(each, CallJoined) and each.agent_id]
        by = event.by or (joined[-1].agent_id if joined else "")
        self.all.append(
            Dialog(
                type="transfer",
                start=event.at,
                transferee=CALLER,
                transferor=self._parties.agent(by),
                transfer_target=self._parties.third(event.to, event.name),
                original=0 if self.spoken else None,
            )
        )

    def _attach(self, purpose: str, event: Event, *, filename: str, body: object = None) -> None:
        """Of the dialog that it came in: the newest text, else the call. A picture's bytes stay in the house."""
        if not self.all:
            # A visit without a call: nothing was said, and yet something was sent.
            self.all.append(Dialog(type="recording", start=event.at, parties=[CALLER], application="web"))
        self.attachments.append(
            Attachment(
                purpose=purpose,
                start=event.at,
                party=CALLER,
                dialog=len(self.all) - 1 if isinstance(event, TextReceived) else 0,
                filename=filename,
                mediatype="application/json" if body is not None else "",
                encoding="json" if body is not None else "",
                body=body,
            )
        )


def _why(ended: CallEnded | None) -> Incomplete:
    match ended.reason if ended is not None else "":
        case "caller_hung_up" | "menu_ended":
            return "hung-up"
        case "no_agent":
            return "no-answer"
        case _:
            return "failed"
