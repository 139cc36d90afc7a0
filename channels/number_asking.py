"""A caller without a mobile number is asked for one: it is keyed or said, read back, and confirmed. Pure.

::

    idle --ask--> asking --(11 digits, '#', a number said or typed)--> heard --yes--> confirmed
                    ^  <--again------------------------------------------|
                    +-- wrong (three times: given up)      cancel, given up --> idle

How far it is, is a table; ``step`` is the one place that moves it. While it asks and reads back, the caller's keys are
this number's and nobody else's: neither the menu nor the desk's history is told of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from core.errors import IllegalStep
from core.phone_numbers import is_mobile, normalised

Phase = Literal["idle", "asking", "heard", "confirmed"]
Event = Literal["ask", "key", "number", "yes", "again", "cancel"]
Say = Literal["", "ask", "wrong", "given_up", "read_back", "thanks"]
"""What the caller hears then; '' = nothing."""

LONGEST: Final = 11
"""Digits of a mobile number; the old ones with ten end with '#'."""
TRIES: Final = 3
"""Numbers that are none; then an agent types it."""
END, ANEW = "#", "*"
YES, NO = "1", "2"


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """How far it is."""

    phase: Phase = "idle"
    """'heard' = a number is there and waits for a yes."""
    digits: str = ""
    """Keyed so far."""
    number: str = ""
    """Of 'heard' and 'confirmed': the number."""
    misses: int = 0
    """Numbers that were none."""

    @property
    def takes_keys(self) -> bool:
        """Whether the next keys of the caller are this number's."""
        return self.phase in ("asking", "heard")


Step = tuple[Asking, Say]


def step(asking: Asking, event: Event, value: str = "") -> Step:
    """What becomes of it, and what the caller hears. ``value``: the key, or the number.

    Raises ``IllegalStep`` for what cannot be now (a yes to nothing).
    """
    deed = _STEPS.get((asking.phase, event))
    if deed is None:
        raise IllegalStep("number asking", asking.phase, event)
    return deed(asking, value)


def _ask(_asking: Asking, _value: str) -> Step:
    return Asking(phase="asking"), "ask"


def _key(asking: Asking, key: str) -> Step:
    if key == ANEW:
        return replace(asking, digits=""), "ask"
    if key == END:
        return _number(asking, asking.digits)
    if not key.isdecimal():
        return asking, ""
    digits = asking.digits + key
    return _number(asking, digits) if len(digits) >= LONGEST else (replace(asking, digits=digits), "")


def _number(asking: Asking, value: str) -> Step:
    number = normalised(value)
    if is_mobile(number):
        return Asking(phase="heard", number=number), "read_back"
    misses = asking.misses + 1
    if misses >= TRIES:
        return Asking(), "given_up"
    return Asking(phase="asking", misses=misses), "wrong"


def _typed(asking: Asking, value: str) -> Step:
    """By the agent: what is no mobile number is her slip, and the caller hears nothing of it."""
    number = normalised(value)
    return (Asking(phase="heard", number=number), "read_back") if is_mobile(number) else (asking, "")


def _answer(asking: Asking, key: str) -> Step:
    """To the number that was read back, by a key."""
    if key == YES:
        return _yes(asking, "")
    return _ask(asking, "") if key in (NO, ANEW) else (asking, "")


def _yes(asking: Asking, _value: str) -> Step:
    return replace(asking, phase="confirmed", digits=""), "thanks"


def _cancel(_asking: Asking, _value: str) -> Step:
    return Asking(), ""


_STEPS: Final[dict[tuple[Phase, Event], Callable[[Asking, str], Step]]] = {
    ("idle", "ask"): _ask,
    ("idle", "number"): _typed,
    ("idle", "cancel"): _cancel,
    ("asking", "ask"): _ask,
    ("asking", "key"): _key,
    ("asking", "number"): _typed,
    ("asking", "cancel"): _cancel,
    ("heard", "key"): _answer,
    ("heard", "number"): _typed,
    ("heard", "yes"): _yes,
    ("heard", "again"): _ask,
    ("heard", "ask"): _ask,
    ("heard", "cancel"): _cancel,
    ("confirmed", "ask"): _ask,
    ("confirmed", "number"): _typed,
    ("confirmed", "cancel"): _cancel,
}
