"""How a delivery goes on: a table of states, and when it is tried again. Pure.

waiting --heard--> delivered      a 2xx
waiting --missed-> waiting        anything else: again later
waiting --given_up-> dead         it was tried for so long
dead, delivered --again--> waiting  somebody sends it once more by hand
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal

from msgspec.structs import replace

from core.errors import IllegalStep
from core.store.webhooks import Delivery, DeliveryState

Step = Literal["heard", "missed", "given_up", "again"]

STEPS: Final[Mapping[tuple[DeliveryState, Step], DeliveryState]] = {
    ("waiting", "heard"): "delivered",
    ("waiting", "missed"): "waiting",
    ("waiting", "given_up"): "dead",
    ("dead", "again"): "waiting",
    ("delivered", "again"): "waiting",
}
FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(hours=1)


def stepped(delivery: Delivery, step: Step) -> DeliveryState:
    """The state after it. ``IllegalStep`` for one that the table does not know."""
    state = STEPS.get((delivery.state, step))
    if state is None:
        raise IllegalStep("delivery", delivery.state, step)
    return state


def heard(delivery: Delivery, status: int, at: datetime) -> Delivery:
    """The receiver has it."""
    return replace(
        delivery, state=stepped(delivery, "heard"), tries=delivery.tries + 1, status=status, fault="", done=at
    )


def missed(
    delivery: Delivery, status: int, fault: str, at: datetime, *, chance: float, patience: timedelta
) -> Delivery:
    """The receiver does not have it, as far as we know. ``chance``: 0..1, by which pauses differ; ``patience``: so long
    after it was made it is given up."""
    tried = replace(delivery, tries=delivery.tries + 1, status=status, fault=fault)
    again = at + pause(tried.tries, chance)
    if again >= delivery.made + patience:
        return replace(tried, state=stepped(delivery, "given_up"), done=at)
    return replace(tried, state=stepped(delivery, "missed"), next_at=again)


def again(delivery: Delivery, at: datetime) -> Delivery:
    """Somebody sends it once more: it has the same id, and its whole time before it."""
    return replace(delivery, state=stepped(delivery, "again"), tries=0, made=at, next_at=at, done=None)


def pause(tries: int, chance: float) -> timedelta:
    """Until the next try: 5 s, 10 s, 20 s ... an hour, of which ``chance`` takes away up to a half: receivers that went
    down together are not all asked at once when they come back."""
    whole = min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(tries - 1, 20)))
    return whole * (1.0 - chance / 2)
