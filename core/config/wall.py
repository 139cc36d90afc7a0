"""The supervisor's wall, and why agents may be away."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from core.config.section import Section, SomeSeconds


class WallConfig(Section, frozen=True, kw_only=True):
    """The supervisor's wall."""

    away_reasons: Annotated[tuple[str, ...], Meta(max_length=20, examples=[["lunch", "break", "민원실 지원"]])] = (
        "lunch",
        "break",
        "training",
        "meeting",
        "private",
    )
    """Why an agent may be away, in the order in which the desk offers them: these five in both languages, or words of
    your own. Time is counted by reason. Empty = nobody is asked."""
    lag_s: SomeSeconds = 3.0
    """Words that come later than this are an alert on the wall."""
