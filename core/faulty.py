"""A form that is not saved, with everything that is wrong in it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from core.errors import BadInput


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong."""

    field: str
    """Which field of the form, '' = the whole."""
    code: str
    """For machines: a key of the list of words."""
    message: str
    """Korean first."""


class Faulty(BadInput):
    """Not saved: ``faults`` says all that is wrong."""

    code = "faulty"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults[0].message)
        self.faults = tuple(faults)
