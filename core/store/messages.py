"""Text messages that we send, as the store keeps them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from core.events import MessageState, TextPurpose


class MessageRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A text message, and how far it is."""

    message_id: str
    """Our own id."""
    to: str
    """Digits of the caller's number."""
    text: str
    """As sent, secrets blanked."""
    kind: Literal["sms", "lms"] = "sms"
    """By length."""
    state: MessageState = "queued"
    """How far it is."""
    reference: str = ""
    """The gateway's own id, to ask for the delivery."""
    reason: str = ""
    """Why it failed, in words for the agent."""
    tries: int = 0
    """How often it was given to the gateway, or begun to be."""
    call_id: str = ""
    """The call that it belongs to, '' if none."""
    by: str = ""
    """Which agent sent it; 'rule:<id>' = a rule did after the contact; '' = the menu."""
    sender: str = ""
    """From which of our numbers, '' = the gateway's own (`sms.sender`)."""
    entry_id: str = ""
    """Which entry it carries, '' = none."""
    purpose: TextPurpose = ""
    """What it asks for."""
    subject: str = ""
    """Title of a long one where somebody has written it."""
    at: datetime
    """When it was asked for."""
    next_at: datetime | None = None
    """When it is to be sent, sent again or asked about; None = nothing is left to do."""
    tried: datetime | None = None
    """When a try began whose end nobody knows: before the next one the gateway is asked whether it has it."""
    blanked: bool = False
    """Its text held a secret that is not kept: a node that starts anew cannot send it."""
