"""Messenger and gateways together: over a provider that fails and a node that is killed, no text is lost or doubled."""

from __future__ import annotations

import asyncio
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from channels.compose import composed
from channels.contract import Message, Receipt
from channels.messenger import Messenger
from core.events import now
from core.home import Home
from core.store.contract import Store
from core.store.sql_store import open_store
from tests.channels.smpp_stage import smpp_gateway
from tests.channels.test_messenger import Heard
from tests.contracts.test_gateway import sens_gateway
from tests.fakes.sens import Sens
from tests.fakes.smpp_centre import SmppCentre
from tests.patience import until

REPO = Path(__file__).parents[2]


@pytest.fixture
async def store(home: Home) -> AsyncIterator[Store]:
    opened = await open_store("", home)
    yield opened
    await opened.close()


def text(number: int) -> Message:
    return composed(message_id=f"m{number}", to=f"0100000{number:04d}", text=f"안내 {number}", at=now())


def ends(heard: Heard) -> Counter[str]:
    """How many messages are in which state now."""
    return Counter({sent.message_id: receipt.state for sent, receipt in heard.told}.values())


@pytest.mark.parametrize("seed", range(3))
async def test_over_everything_a_centre_can_do_nothing_is_lost_or_doubled(store: Store, seed: int) -> None:
    luck = random.Random(seed)
    heard, count = Heard(), 60
    fates: list[str | int] = [0, 0, 0, 0, "lost", "gone", "late", "twice", "early", "nameless", "garbled", 0x08]
    async with SmppCentre() as centre:
        centre.submits.extend(luck.choice(fates) for _ in range(count))
        centre.submits.append(0)  # what is 'late' is answered after the next one
        centre.twice = seed == 1
        gateway = smpp_gateway(centre, answer_s=0.3)
        async with Messenger(gateway, store, heard, pace=0.02) as messenger:
            for number in range(count):
                messenger.send(text(number))
                if number == count // 2:
                    await asyncio.sleep(0.05)
                    await centre.restart()
            await until(lambda: ends(heard) == {"delivered": count}, within_s=20)
        assert sorted(centre.texts()) == sorted(f"안내 {number}" for number in range(count))
    assert await store.pending_messages() == []


async def test_a_messenger_asks_nothing_of_a_gateway_that_tells(store: Store) -> None:
    heard = Heard()
    async with SmppCentre() as centre:
        centre.holds_receipts = True
        asked: list[str] = []
        gateway = smpp_gateway(centre)

        async def delivery(_message: Message, reference: str) -> Receipt:
            asked.append(reference)
            return Receipt(state="sent", reference=reference)

        gateway.delivery = delivery  # type: ignore[method-assign]
        async with Messenger(gateway, store, heard, pace=0.005) as messenger:
            messenger.send(text(1))
            await until(lambda: heard.states() == ["queued", "sent"])
            centre.report_all()
            await until(lambda: heard.states() == ["queued", "sent", "delivered"])
            await asyncio.sleep(0.5)  # its first question would be due after 60 s, here 0.3
        assert asked == []


async def test_a_short_break_costs_no_try(store: Store) -> None:
    heard = Heard()
    async with SmppCentre() as centre:
        gateway = smpp_gateway(centre)
        async with Messenger(gateway, store, heard) as messenger:
            await until(lambda: bool(centre.bound))
            await centre.stop()
            for number in range(40):
                messenger.send(text(number))
            await asyncio.sleep(0.2)
            await centre.start()
            await until(lambda: ends(heard) == {"delivered": 40})
    assert {record.tries for record in await store.messages()} == {1}


class Killed:
    """A node that is killed again and again in the middle of its texts, until it may finish."""

    def __init__(self, gateway: str, home: Path, port: int, count: int) -> None:
        self._arguments = (
            sys.executable,
            "-m",
            "tests.channels.texting_process",
            str(home),
            gateway,
            str(port),
            str(count),
        )
        self._count = count

    async def run(self, taken: Callable[[], int], *, kills: int) -> None:
        luck = random.Random(8)
        for _kill in range(kills):
            node = await self._start()
            before = taken()
            await until(lambda before=before: taken() > before + 3 or taken() == self._count)  # type: ignore[misc]
            await asyncio.sleep(luck.random() * 0.05)
            node.kill()
            await node.wait()
        node = await self._start()
        assert node.stdout is not None
        assert await asyncio.wait_for(node.stdout.readline(), 30) == b"done\n"
        await node.wait()

    async def _start(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(*self._arguments, cwd=REPO, stdout=asyncio.subprocess.PIPE)


@pytest.mark.slow
async def test_a_node_that_is_killed_again_and_again_loses_and_doubles_nothing(tmp_path: Path) -> None:
    count = 80
    async with SmppCentre() as centre:
        centre.slow_s = 0.05
        centre.submits.extend(["slow"] * count * 2)
        await Killed("smpp", tmp_path, centre.port, count).run(lambda: len(centre.taken), kills=2)
        assert len(centre.binds) == 3
        read = Counter(centre.texts())
    assert read == {f"안내 {number}": 1 for number in range(count)}


@pytest.mark.slow
async def test_nor_does_it_over_http(tmp_path: Path) -> None:
    """What a provider took and did not answer is in its list."""
    count = 40
    async with Sens() as sens:
        sens.slow_s = 0.05
        sens.posts.extend(["slow"] * count * 2)
        await Killed("sens", tmp_path, int(sens.url.rpartition(":")[2]), count).run(lambda: len(sens.taken), kills=2)
        read = Counter(taken["content"] for taken in sens.taken)
    assert read == {f"안내 {number}": 1 for number in range(count)}


@pytest.mark.parametrize("seed", range(2))
async def test_over_everything_a_provider_over_http_can_do_nothing_is_lost_or_doubled(store: Store, seed: int) -> None:
    """Down, slow, cut off, a proxy's page, busy: all that leaves a doubt is looked up."""
    luck = random.Random(seed)
    heard, count = Heard(), 40
    fates: list[str | int] = [202, 202, 202, "lost", "cut", "slow", "html", 503, 429]
    async with Sens() as sens:
        sens.slow_s = 0.4
        sens.posts.extend(luck.choice(fates) for _ in range(count))
        sens.gets.extend(luck.choice([200, 200, 200, 503, "html"]) for _ in range(count))
        async with Messenger(sens_gateway(sens, timeout_s=0.3), store, heard, pace=0.02) as messenger:
            for number in range(count):
                messenger.send(text(number))
            await until(lambda: ends(heard) == {"delivered": count}, within_s=20)
        assert sorted(taken["content"] for taken in sens.taken) == sorted(f"안내 {number}" for number in range(count))
