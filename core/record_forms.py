"""What a page sends to keep a counselling record, at the desk and in the office alike."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

Short = Annotated[str, Meta(max_length=200)]
Long = Annotated[str, Meta(max_length=1000)]


class NewFollowUp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that is to be done."""

    text: Annotated[str, Meta(min_length=1, max_length=500)]
    """What."""
    owner: Short
    """Sign-in name of who does it."""
    due: date
    """Until when."""


class KeepRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A record as she has read and changed it."""

    based_on: Annotated[int, Meta(ge=0)]
    """The version that she read, 0 = the draft."""
    category: Short = ""
    """Path in the category tree."""
    department: Short = ""
    """Name."""
    district: Short = ""
    """Name."""
    result: Short = ""
    """The disposition's code."""
    need: Long = ""
    """What was wanted."""
    answer: Long = ""
    """What was answered."""
    follow_ups: Annotated[tuple[NewFollowUp, ...], Meta(max_length=10)] = ()
    """New ones."""
    reason: Long = ""
    """Why it is changed, needed once it was confirmed."""


class UndoRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which confirmation is taken back."""

    based_on: Annotated[int, Meta(ge=1)]
    """The version that is taken back."""
