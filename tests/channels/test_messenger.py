"""Messages on their way: tried again, never twice, never lost by a restart, told at each step, bounded everywhere."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import msgspec
import pytest

from channels import messenger as module
from channels.allowance import Allowance
from channels.compose import composed
from channels.contract import Gateway, Message, Receipt, Told
from channels.messenger import Messenger
from channels.outbox import Outbox
from channels.reasons import in_words
from core import metrics
from core.config import LogConfig
from core.errors import GatewayFault, NotSent, Refused, StoreFault
from core.events import now
from core.home import Home
from core.log import setup
from core.store.contract import Store
from core.store.messages import MessageRecord
from core.store.sql_store import open_store
from tests.contracts.test_gateway import sens_gateway
from tests.fakes.sens import Sens
from tests.patience import until

NUMBER = "01000001234"
SECRET = "https://120.city.example/v/AbCdEf0123456789"
FAST = 0.005


def message(number: int = 1, *, secret: bool = False, to: str = NUMBER, at: datetime | None = None) -> Message:
    text = f"안내 {number} {SECRET}" if secret else f"안내 {number}"
    secrets = (SECRET,) if secret else ()
    return composed(
        message_id=f"m{number}", to=to, text=text, at=at or now(), secrets=secrets, call_id="c", by="haneul"
    )


@pytest.fixture
async def store(home: Home) -> AsyncIterator[Store]:
    opened = await open_store("", home)
    yield opened
    await opened.close()


class Heard:
    """Collects what the messenger tells."""

    def __init__(self) -> None:
        self.told: list[tuple[Message, Receipt]] = []

    async def __call__(self, sent: Message, receipt: Receipt) -> None:
        self.told.append((sent, receipt))

    def states(self, message_id: str = "m1") -> list[str]:
        return [receipt.state for sent, receipt in self.told if sent.message_id == message_id]

    @property
    def last(self) -> Receipt:
        return self.told[-1][1]


class Scripted:
    """A gateway that does what the test says: a receipt, a fault, or waiting for ever (None)."""

    name = "scripted"
    tells = False

    def __init__(self, *sends: Receipt | Exception | None) -> None:
        self.sends = list(sends)
        self.deliveries: list[Receipt | Exception | None] = []
        self.tried: list[datetime | None] = []
        self.texts: list[str] = []
        self.asked: list[str] = []
        self.now = self.most = 0
        self.closed = False

    async def open(self, told: Told, references: Sequence[str]) -> None:
        self.told = told
        self.references = list(references)

    async def send(self, sent: Message, *, tried: datetime | None = None) -> Receipt:
        self.tried.append(tried)
        self.texts.append(sent.text)
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            return await self._next(self.sends)
        finally:
            self.now -= 1

    async def delivery(self, sent: Message, reference: str) -> Receipt:
        self.asked.append(reference)
        return await self._next(self.deliveries)

    async def _next(self, script: list[Receipt | Exception | None]) -> Receipt:
        what = script.pop(0) if script else Receipt(state="delivered", reference="r")
        if what is None:
            await asyncio.Event().wait()
        if isinstance(what, Exception):
            raise what
        assert isinstance(what, Receipt)
        return what

    async def close(self) -> None:
        self.closed = True


@asynccontextmanager
async def running(gateway: Gateway, store: Store, heard: Heard, **other: object) -> AsyncIterator[Messenger]:
    options: dict[str, object] = {"pace": FAST, "close_s": 0.3}
    async with Messenger(gateway, store, heard, **(options | other)) as messenger:  # type: ignore[arg-type]
        yield messenger


def code(call: Callable[[], None]) -> str:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code


def value(state: str) -> float:
    found: float = metrics.MESSAGES.labels(state=state)._value.get()
    return found


async def test_a_message_goes_out_is_told_counted_and_kept_without_its_link(
    store: Store, no_blocking_calls: None
) -> None:
    heard, outbox, before = Heard(), Outbox(), value("delivered")
    async with running(outbox, store, heard) as messenger:
        messenger.send(message(secret=True))
        await until(lambda: heard.states() == ["queued", "delivered"])
        assert (messenger.pending, messenger.healthy) == (0, True)
    assert SECRET in outbox.messages[0].text
    (kept,) = await store.messages()
    assert (kept.text, kept.state, kept.tries, kept.by) == ("안내 1 (link)", "delivered", 1, "haneul")
    assert SECRET not in str(kept)
    assert await store.pending_messages() == []
    assert value("delivered") == before + 1


async def test_faults_are_tried_again_and_the_gateway_told_since_when(store: Store) -> None:
    heard = Heard()
    gateway = Scripted(GatewayFault("busy"), GatewayFault("busy"), Receipt(state="sent", reference="r"))
    gateway.deliveries = [Receipt(state="sent", reference="r"), GatewayFault("busy")]
    async with running(gateway, store, heard) as messenger:
        messenger.send(message())
        await until(lambda: heard.states() == ["queued", "sent", "delivered"])
    first, second, third = gateway.tried
    assert first is None
    assert second is not None
    assert third == second, "the first try is the one to look for"
    assert gateway.asked == ["r", "r", "r"]


async def test_after_six_tries_it_has_failed_with_a_reason(store: Store) -> None:
    heard = Heard()
    gateway = Scripted(*[GatewayFault("away")] * 9)
    async with running(gateway, store, heard, pace=0.0001) as messenger:
        messenger.send(message())
        await until(lambda: heard.states() == ["queued", "failed"])
    assert heard.last.reason == in_words("unreachable")
    assert len(gateway.tried) == 6
    (kept,) = await store.messages()
    assert (kept.state, kept.reason, kept.next_at) == ("failed", heard.last.reason, None)


async def test_a_refusal_fails_at_once(store: Store) -> None:
    heard = Heard()
    gateway = Scripted(Receipt(state="failed", reason="없는 번호입니다."))
    async with running(gateway, store, heard) as messenger:
        messenger.send(message())
        await until(lambda: heard.states() == ["queued", "failed"])
    assert (heard.last.reason, len(gateway.tried)) == ("없는 번호입니다.", 1)


@pytest.mark.parametrize("fates", [["lost"], ["lost", "lost"], [503, "lost", "cut"], ["slow", 429]])
async def test_with_a_provider_that_loses_answers_the_caller_gets_it_once(store: Store, fates: list[str | int]) -> None:
    heard = Heard()
    async with Sens() as sens:
        sens.posts.extend(fates)
        sens.asked_before_done = 1
        async with running(sens_gateway(sens, timeout_s=0.5), store, heard) as messenger:
            messenger.send(message())
            await until(lambda: heard.states() == ["queued", "sent", "delivered"])
        assert [taken["content"] for taken in sens.taken] == ["안내 1"]


async def test_the_same_message_given_twice_is_sent_once(store: Store) -> None:
    heard, outbox = Heard(), Outbox()
    async with running(outbox, store, heard) as messenger:
        messenger.send(message())
        messenger.send(message())
        await until(lambda: len(heard.told) == 2)
        messenger.send(message())
        await asyncio.sleep(0.05)
    assert heard.states() == ["queued", "delivered"]
    assert len(outbox.messages) == 1


async def test_a_few_at_a_time_and_what_is_too_much_is_refused_in_words(store: Store) -> None:
    heard, gateway = Heard(), Scripted(*[None] * 10)
    before = metrics.MESSAGES_REFUSED.labels(reason="messages_full")._value.get()
    async with running(gateway, store, heard, limit=6, at_once=4) as messenger:
        for number in range(6):
            messenger.send(message(number))
        await until(lambda: gateway.most == 4 and len(heard.told) == 6)
        assert code(lambda: messenger.send(message(7))) == "messages_full"
        assert messenger.pending == 6
        assert metrics.MESSAGES_PENDING._value.get() == 6
    assert gateway.most == 4
    assert metrics.MESSAGES_REFUSED.labels(reason="messages_full")._value.get() == before + 1


async def test_nobody_is_flooded_also_not_by_a_node_that_starts_anew(store: Store) -> None:
    heard = Heard()
    async with running(Outbox(), store, heard, allowance=Allowance(per_number=2)) as messenger:
        messenger.send(message(1))
        messenger.send(message(2))
        assert code(lambda: messenger.send(message(3))) == "messages_number"
        messenger.send(message(4, to="01000005678"))
        await until(lambda: len(heard.told) == 6)
    async with running(Outbox(), store, heard, allowance=Allowance(per_number=2, in_total=4)) as messenger:
        assert code(lambda: messenger.send(message(5))) == "messages_number"
        messenger.send(message(6, to="01000005678"))
        assert code(lambda: messenger.send(message(7, to="01000009999"))) == "messages_total"


async def test_questions_that_hang_hold_up_no_message(store: Store) -> None:
    heard, gateway = Heard(), Scripted(*[Receipt(state="sent", reference="r")] * 9)
    gateway.deliveries = [None] * 9
    async with running(gateway, store, heard) as messenger:
        for number in range(5):
            messenger.send(message(number))
        await until(lambda: len(gateway.asked) == module.ASKERS)
        messenger.send(message(8))
        await until(lambda: heard.states("m8") == ["queued", "sent"])


async def test_more_than_can_be_watched_is_sent_all_the_same(store: Store) -> None:
    heard, gateway = Heard(), Scripted(*[Receipt(state="sent", reference="r")] * 3)
    before = value("sent"), value("unreported")
    async with running(gateway, store, heard, watch_limit=1, pace=1.0) as messenger:
        for number in (1, 2):
            messenger.send(message(number))
        await until(lambda: [receipt.reason for _sent, receipt in heard.told].count(in_words("no_report")) == 1)
    assert len(await store.pending_messages()) == 1
    assert (value("sent"), value("unreported")) == (before[0] + 2, before[1])


async def test_what_nobody_reports_for_a_day_is_told_and_counted_once_more(store: Store) -> None:
    old = module.progress.queued(message(at=now() - timedelta(hours=25)))
    await store.put_message(msgspec.structs.replace(old, state="sent", reference="r"))
    heard, gateway, before = Heard(), Scripted(), (value("sent"), value("unreported"))
    gateway.deliveries = [Receipt(state="sent", reference="r")]
    async with running(gateway, store, heard):
        await until(lambda: heard.states() == ["sent"])
    assert heard.last.reason == in_words("no_report")
    assert (value("sent"), value("unreported")) == (before[0], before[1] + 1)
    assert await store.pending_messages() == []


async def test_what_waits_when_the_node_ends_goes_on_with_the_next(store: Store) -> None:
    heard, stuck = Heard(), Scripted(*[None] * 9)
    async with running(stuck, store, heard, at_once=4) as messenger:
        for number in range(6):
            messenger.send(message(number))
        await until(lambda: stuck.now == 4)
    assert stuck.closed
    assert [record.state for record in await store.pending_messages()] == ["queued"] * 6
    after, gateway = Heard(), Scripted()
    async with running(gateway, store, after):
        await until(lambda: len(after.told) == 6)
    assert sorted(gateway.texts) == [f"안내 {number}" for number in range(6)]
    assert sum(tried is not None for tried in gateway.tried) == 4, "these may have arrived: look first"
    assert await store.pending_messages() == []


async def test_what_was_given_in_the_last_moment_is_kept_for_the_next_node(store: Store) -> None:
    heard = Heard()
    async with running(Scripted(), store, heard) as messenger:
        await asyncio.sleep(0.02)  # it rests
        messenger.send(message())
    assert [record.message_id for record in await store.pending_messages()] == ["m1"]
    assert heard.states() == ["queued"]


async def test_a_link_that_was_not_handed_over_has_failed_after_a_restart(store: Store) -> None:
    heard = Heard()
    async with running(Scripted(None), store, heard) as messenger:
        messenger.send(message(secret=True))
        await until(lambda: heard.states() == ["queued"])
    after, gateway = Heard(), Scripted()
    async with running(gateway, store, after):
        await until(lambda: after.states() == ["failed"])
    assert (after.last.reason, gateway.texts) == (in_words("restarted"), [])
    assert await store.pending_messages() == []


async def test_a_link_that_was_handed_over_is_asked_about_after_a_restart(store: Store) -> None:
    heard, gateway = Heard(), Scripted(Receipt(state="sent", reference="r7"))
    async with running(gateway, store, heard, pace=1.0) as messenger:
        messenger.send(message(secret=True))
        await until(lambda: heard.states() == ["queued", "sent"])
    after, gateway = Heard(), Scripted()
    async with running(gateway, store, after):
        await until(lambda: after.states() == ["delivered"])
    assert gateway.asked == ["r7"]


async def test_what_waited_for_more_than_an_hour_is_not_sent(store: Store) -> None:
    old = message(at=now() - timedelta(hours=2))
    await store.put_message(module.progress.queued(old))
    heard, gateway = Heard(), Scripted()
    async with running(gateway, store, heard):
        await until(lambda: heard.states() == ["failed"])
    assert (heard.last.reason, gateway.texts) == (in_words("too_late"), [])


class Unsteady:
    """A store whose messages cannot be written while it is away."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.away = False
        self.kept = 0

    async def put_message(self, *records: MessageRecord) -> None:
        if self.away:
            raise StoreFault("the database is away")
        await self._store.put_message(*records)
        self.kept += 1

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


async def test_a_store_that_is_away_delays_no_message_and_learns_of_it_later(store: Store) -> None:
    heard, outbox, unsteady = Heard(), Outbox(), Unsteady(store)
    unsteady.away = True
    async with running(outbox, unsteady, heard) as messenger:  # type: ignore[arg-type]
        messenger.send(message())
        await until(lambda: heard.states() == ["queued", "delivered"])
        assert await store.messages() == []
        unsteady.away = False
        await until(lambda: unsteady.kept > 0)
    (kept,) = await store.messages()
    assert kept.state == "delivered"


async def test_a_store_that_cannot_tell_what_is_left_keeps_the_node_from_starting(store: Store) -> None:
    class Gone:
        async def messages(self, **_query: object) -> list[MessageRecord]:
            raise StoreFault("the database is away")

    gateway = Scripted()
    with pytest.raises(StoreFault):
        async with running(gateway, Gone(), Heard()):  # type: ignore[arg-type]
            pass
    assert gateway.closed


async def test_who_cannot_listen_does_not_stop_it(store: Store) -> None:
    outbox = Outbox()

    async def deaf(_message: Message, _receipt: Receipt) -> None:
        raise StoreFault("the call's line is full")

    async with Messenger(outbox, store, deaf, pace=FAST) as messenger:
        messenger.send(message())
        await until(lambda: len(outbox.messages) == 1 and messenger.pending == 0)
        assert messenger.healthy


async def test_a_bug_does_not_vanish(store: Store) -> None:
    heard = Heard()
    with pytest.raises(ExceptionGroup) as caught:
        async with running(Scripted(ZeroDivisionError()), store, heard) as messenger:
            messenger.send(message())
            await until(lambda: not messenger.healthy)
            assert code(lambda: messenger.send(message(2))) == "messages_closed"
    assert caught.group_contains(ZeroDivisionError)


async def test_closing_takes_no_more_and_does_not_wait_for_ever(store: Store) -> None:
    heard, gateway = Heard(), Scripted(None)
    async with running(gateway, store, heard, close_s=0.1) as messenger:
        messenger.send(message())
        await until(lambda: gateway.now == 1)
    assert gateway.closed
    assert code(lambda: messenger.send(message(2))) == "messages_closed"


async def test_no_log_line_holds_a_number_a_word_or_a_link(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = io.StringIO()
    monkeypatch.setattr(sys, "stderr", lines)
    setup(LogConfig(level="debug", format="json"), node="n")
    try:
        heard = Heard()
        async with Sens() as sens:
            sens.posts.extend([503, 400])
            async with running(sens_gateway(sens), store, heard, allowance=Allowance(per_number=1)) as messenger:
                messenger.send(message(secret=True))
                with pytest.raises(Refused):
                    messenger.send(message(2))
                await until(lambda: heard.states() == ["queued", "failed"])
    finally:
        setup(LogConfig(level="warning"), node="")
    said = lines.getvalue()
    assert "messenger.state" in said
    assert "messenger.fault" in said
    assert "messenger.refused" in said
    for part in (NUMBER, "안내", SECRET, "AbCdEf", "SKhanbit"):
        assert part not in said


class Telling(Scripted):
    """Tells by itself."""

    tells = True


async def test_what_certainly_did_not_leave_leaves_no_doubt(store: Store) -> None:
    heard = Heard()
    gateway = Scripted(NotSent("away"), GatewayFault("broke"), NotSent("away"))
    async with running(gateway, store, heard) as messenger:
        messenger.send(message())
        await until(lambda: heard.states() == ["queued", "delivered"])
    assert [tried is not None for tried in gateway.tried] == [False, False, True, True]
    assert gateway.tried[2] == gateway.tried[3], "the doubt of the second try stays"


async def test_a_gateway_that_tells_is_not_asked_once_it_told(store: Store) -> None:
    heard, gateway = Heard(), Telling(Receipt(state="sent", reference="r"))
    async with running(gateway, store, heard) as messenger:
        messenger.send(message())
        await until(lambda: heard.states() == ["queued", "sent"])
        await gateway.told("r", Receipt(state="failed", reference="r", reason="꺼짐"))
        assert heard.states() == ["queued", "sent", "failed"]
        await gateway.told("r", Receipt(state="delivered", reference="r"))
        await asyncio.sleep(60 * FAST + 0.1)  # its first question
    assert (gateway.asked, heard.states()) == ([], ["queued", "sent", "failed"])
    assert (await store.messages())[0].reason == "꺼짐"


async def test_an_end_that_is_told_while_its_message_is_kept_comes_after_it(store: Store) -> None:
    """The gateway tells in the very moment in which ``send`` returns."""

    class Hasty(Telling):
        async def send(self, sent: Message, *, tried: datetime | None = None) -> Receipt:
            self.hurry = asyncio.create_task(self.told("r", Receipt(state="delivered", reference="r")))  # type: ignore[arg-type]
            return Receipt(state="sent", reference="r")

    heard = Heard()
    async with running(Hasty(), store, heard) as messenger:
        messenger.send(message())
        await until(lambda: heard.states() == ["queued", "sent", "delivered"])
    assert await store.pending_messages() == []


async def test_references_of_an_earlier_node_are_known_to_the_gateway_and_its_telling_to_us(store: Store) -> None:
    heard, gateway = Heard(), Telling(Receipt(state="sent", reference="r7"))
    async with running(gateway, store, heard, pace=1.0) as messenger:
        messenger.send(message(secret=True))
        await until(lambda: heard.states() == ["queued", "sent"])
    after, gateway, before = Heard(), Telling(), metrics.MESSAGES_UNCLAIMED._value.get()
    async with running(gateway, store, after, pace=1.0):
        assert gateway.references == ["r7"]
        await gateway.told("stranger", Receipt(state="delivered", reference="stranger"))
        await gateway.told("r7", Receipt(state="delivered", reference="r7"))
        assert after.states() == ["delivered"]
    assert metrics.MESSAGES_UNCLAIMED._value.get() == before + 1
    assert await store.pending_messages() == []
