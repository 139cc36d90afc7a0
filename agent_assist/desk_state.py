"""The states that an agent chooses herself; the others come from the telephone and the clock."""

from __future__ import annotations

from typing import Literal

ChosenState = Literal["ready", "away", "wrap_up"]
"""'wrap_up': (more) time to write, from ready or in a wrap-up."""
