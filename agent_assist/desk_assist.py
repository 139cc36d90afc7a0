"""What passes between the desk and the house about cards, alerts and the database's shelves."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from core.events import AlertKind, CardDeed

StepName = Literal["warned", "warned_again", "time_notice", "ended", "dismissed", "closed"]


class UseCard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an agent did with a card."""

    entry_id: str
    """Which."""
    deed: CardDeed
    """What."""


class ReportEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """'This is wrong.'"""

    note: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
    """What is wrong, in words."""
    version: int = 0
    """The version that she read."""
    call_id: str = ""
    """The call in which she noticed."""


class AlertStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A step of the procedure."""

    step: StepName
    """Which."""
    reason: Annotated[str, msgspec.Meta(max_length=500)] = ""
    """Needed for 'ended' and 'dismissed'."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step as the desk offers it."""

    step: StepName
    """Which."""
    title: str
    """Catalogue-free: Korean, as the city words it."""
    says: str = ""
    """The announcement that the caller hears, '' = none."""
    needs: tuple[StepName, ...] = ()
    """Steps of which one must have been taken before."""


class Procedure(msgspec.Struct, frozen=True, kw_only=True):
    """What to do at one kind of alert."""

    kind: AlertKind
    """Which."""
    title: str
    """Of the band on the desk."""
    law: str = ""
    """The rule that allows it, in one line."""
    steps: tuple[Step, ...] = ()
    """In order."""
    advice: tuple[str, ...] = ()
    """What the agent says or does, a line each; with telephone numbers where there are some (119, 112, 109)."""


class Shelves(msgspec.Struct, frozen=True, kw_only=True):
    """Where a search may be narrowed to."""

    categories: tuple[str, ...] = ()
    """Paths, '>' between levels."""
    departments: tuple[str, ...] = ()
    """Names."""
