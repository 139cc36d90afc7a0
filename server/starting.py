"""Python's looking for garbage, kept away from what a node loads at its start and holds until its end.

While it starts, a fifth of its time would go into it; later each whole round would go through the 160,000 objects of
its modules, and calls would wait for 0.15 s.
"""

from __future__ import annotations

import gc


def begun() -> None:
    """Before the rooms are imported."""
    gc.disable()


def done() -> None:
    """Everything is loaded: it is not looked at again, what comes from now on is."""
    gc.freeze()
    gc.enable()
