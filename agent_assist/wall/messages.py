"""What wall and browser say to each other: typed, so that ``server.api`` can describe it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from core.agent import Agent
from core.events import SupervisionMode

# On the WebSocket.


class WallPicture(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """The first message: who you are, and the house as it stands."""

    agent: Agent
    """The supervisor."""
    centre: str
    """Name of the call centre."""
    now: datetime
    """The node's clock, for the page's own."""
    reasons: Sequence[str]
    """Why one may be away: codes of the catalogue, or the city's own words."""
    picture: dict[str, Any]
    """Section -> id -> row (``agent_assist.wall.rows``); fields that have their default are left out."""


class WallDifference(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """What has changed since the message before."""

    patch: dict[str, Any]
    """A JSON merge patch (RFC 7396) of the picture."""


class Still(msgspec.Struct, frozen=True, tag_field="type", tag=True):
    """A sign of life, for the browser's '?'."""


# Asked for.

Reason = Annotated[str, msgspec.Meta(max_length=100)]


class Supervise(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the supervisor's phone shall do."""

    mode: SupervisionMode | None
    """'listen' hears both, 'whisper' is heard by the agent alone, 'barge' by both; null = leave."""


class TakeOver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The call shall be hers."""

    reason: Reason = ""
    """Why; told on the call's line."""


class SetState(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an agent shall be."""

    state: Literal["ready", "away", "away_after_call", "wrap_up", "signed_out"]
    """'away_after_call': away once her call and its wrap-up are over; 'signed_out': away, and all her sessions end."""
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    """Why: shown on her desk, and kept."""


class SendNote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A few words to desks."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
    """What she writes."""
    agent: str = ""
    """To one: her sign-in name."""
    team: str = ""
    """To all who are there of one team; with neither, to all who are there."""


class Care(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who takes care of an alert."""

    alert: str
    """Its key in the picture."""
    on: bool
    """She takes it, or gives it back."""


# Answered.


class NotesSent(msgspec.Struct, frozen=True):
    """To how many desks a note went."""

    desks: int
    """So many."""
