"""Texts that agents and rules send."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from core.config.section import Section

TimeOfDay = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Many = Annotated[int, Meta(ge=1)]


class TextsConfig(Section, frozen=True, kw_only=True):
    """Texts from the desk and by rules, and how many texts may be sent at all."""

    undo_s: Annotated[float, Meta(ge=0, le=60)] = 5.0
    """So long a text from the desk waits and may be taken back; 0 = it goes at once."""
    quiet_from: TimeOfDay = "21:00"
    """From then on rules send nothing until the morning, and the desk asks first (정보통신망법 제50조 names 21:00)."""
    quiet_until: TimeOfDay = "08:00"
    """When it is morning; the same as `quiet_from` = there is no night."""
    same_minutes: Annotated[float, Meta(ge=0)] = 10.0
    """The same text to the same number within so many minutes is asked about first."""
    per_number_hour: Many = 10
    """Texts to one number within an hour; a busy call takes two or three."""
    per_hour: Many = 3000
    """Texts of this node within an hour."""
    per_number_day: Many = 20
    """Texts to one number within a day."""
    per_agent_day: Many = 300
    """Texts of one agent, or of one rule, within a day."""
    per_day: Many = 20_000
    """Texts of this node within a day."""
