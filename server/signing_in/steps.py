"""What a sign-in still asks for. Pure: a table of questions in the order in which they are put."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import msgspec

Proof = Literal["password", "invitation", "provider", "code", "new_password"]
"""What was shown: the password, the one-time code of an invitation, the identity provider's word, a code of the second
factor; a new password was set."""
Step = Literal["first", "code", "new_password", "enrol", "in"]
"""The question that comes next; 'in' = none, she is signed in."""

_FIRST: Final[frozenset[Proof]] = frozenset({"password", "invitation", "provider"})


class Needs(msgspec.Struct, frozen=True, kw_only=True):
    """What an account asks for."""

    has_second: bool
    """She has set up a second factor."""
    must_second: bool
    """One of her roles may not go without."""


_Asks = Callable[[frozenset[Proof], Needs], bool]
QUESTIONS: Final[tuple[tuple[Step, _Asks], ...]] = (
    ("first", lambda shown, _needs: not shown & _FIRST),
    # The provider has asked for a second factor of its own, or has not: that is the city's rule, not ours.
    ("code", lambda shown, needs: needs.has_second and "code" not in shown and "provider" not in shown),
    ("new_password", lambda shown, _needs: "invitation" in shown and "new_password" not in shown),
    ("enrol", lambda shown, needs: needs.must_second and not needs.has_second and "provider" not in shown),
)
"""Each with when it is put. The code before the new password: who found an invitation may not set a password with it
alone where there is a second factor."""


def next_step(shown: frozenset[Proof], needs: Needs) -> Step:
    """The first question that is open."""
    return next((step for step, asks in QUESTIONS if asks(shown, needs)), "in")
