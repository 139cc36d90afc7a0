"""What an agent's deeds with one card in one call come to: a table, for a second click is no second opinion. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from core.events import CardDeed

Verdict = Literal["none", "looked", "pinned", "used", "refused"]
"""Nothing, opened, pinned, accepted or sent, put away unused."""

WORTH: Final[Mapping[Verdict, float]] = {"none": 0.0, "looked": 0.2, "pinned": 0.8, "used": 1.0, "refused": -0.6}
"""What a verdict adds to a gain. Putting away says less than using: cards are also put away to tidy up."""

AFTER: Final[Mapping[tuple[Verdict, CardDeed], Verdict]] = {
    ("none", "opened"): "looked",
    ("none", "accepted"): "used",
    ("none", "sent"): "used",
    ("none", "pinned"): "pinned",
    ("none", "unpinned"): "none",
    ("none", "dismissed"): "refused",
    ("looked", "opened"): "looked",
    ("looked", "accepted"): "used",
    ("looked", "sent"): "used",
    ("looked", "pinned"): "pinned",
    ("looked", "unpinned"): "looked",
    ("looked", "dismissed"): "refused",
    ("pinned", "opened"): "pinned",
    ("pinned", "accepted"): "used",
    ("pinned", "sent"): "used",
    ("pinned", "pinned"): "pinned",
    ("pinned", "unpinned"): "looked",
    ("pinned", "dismissed"): "refused",
    ("used", "opened"): "used",
    ("used", "accepted"): "used",
    ("used", "sent"): "used",
    ("used", "pinned"): "used",
    ("used", "unpinned"): "used",
    ("used", "dismissed"): "used",  # done with it
    ("refused", "opened"): "looked",
    ("refused", "accepted"): "used",
    ("refused", "sent"): "used",
    ("refused", "pinned"): "pinned",
    ("refused", "unpinned"): "refused",
    ("refused", "dismissed"): "refused",
}
