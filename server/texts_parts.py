"""The parts of a node that send texts for people and rules, open: the door, who wants none, rules after a contact."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import msgspec

from channels.allowance import Allowance
from channels.day_limits import DayLimits
from channels.messenger import Messenger
from channels.opt_outs import OptOuts
from channels.quiet_hours import QuietHours
from channels.sending import Sending
from core.config import Config, TextsConfig
from core.events import MessageSent
from core.person_key import PersonKeys
from core.store.contract import Store


def allowance_of(config: TextsConfig) -> Allowance:
    """How many texts may be sent, all ways together."""
    day = DayLimits(per_number=config.per_number_day, per_sender=config.per_agent_day, in_total=config.per_day)
    return Allowance(per_number=config.per_number_hour, in_total=config.per_hour, day=day)


class TextsParts(msgspec.Struct, frozen=True, kw_only=True):
    """The parts, open."""

    sending: Sending
    opt_outs: OptOuts
    clock: Callable[[], datetime]
    """Local time with its zone."""
    usual_sender: str
    """The number that texts come from where no other is chosen (`sms.sender`)."""
    undo_s: float
    """So long a text from the desk waits."""


@asynccontextmanager
async def open_texts(
    config: Config,
    store: Store,
    messenger: Messenger,
    keys: PersonKeys,
    tell: Callable[[str, MessageSent], Awaitable[None]],
    clock: Callable[[], datetime],
) -> AsyncIterator[TextsParts]:
    """``tell``: says something on a contact's line. ``clock``: local time with its zone."""
    opt_outs = OptOuts(store.texting, keys)
    sending = Sending(
        messenger=messenger,
        store=store,
        opt_outs=opt_outs,
        quiet=QuietHours.between(config.texts.quiet_from, config.texts.quiet_until),
        tell=tell,
        clock=clock,
        undo_s=config.texts.undo_s,
        same=timedelta(minutes=config.texts.same_minutes),
        usual_sender=config.sms.sender,
    )
    async with sending.waiting:
        yield TextsParts(
            sending=sending,
            opt_outs=opt_outs,
            clock=clock,
            usual_sender=config.sms.sender,
            undo_s=config.texts.undo_s,
        )
