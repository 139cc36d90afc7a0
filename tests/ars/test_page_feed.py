"""What an open page is told: the newest of everything, and no more than it can read."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from ars.page_feed import CAPTIONS, CaptionLine, Due, GoneDue, PageFeed, ScreenDue, StatusDue


def line(utterance: str, text: str = "네", *, final: bool = True) -> CaptionLine:
    return CaptionLine(utterance=utterance, speaker="agent", text=text, final=final)


async def rest(feed: PageFeed) -> list[Due]:
    """All that is due, of a feed that ends."""
    async with asyncio.timeout(10):
        return [due async for due in feed]


async def test_a_new_page_is_drawn_whole() -> None:
    feed = PageFeed()
    feed.gone("expired")
    assert await rest(feed) == [ScreenDue(), StatusDue(), GoneDue("expired")]


async def test_of_many_screens_only_the_newest_is_drawn() -> None:
    feed = PageFeed()
    for _ in range(50):
        feed.screen()
        feed.status()
    feed.gone("node")
    assert await rest(feed) == [ScreenDue(), StatusDue(), GoneDue("node")]


async def test_a_slow_page_misses_no_screen_that_comes_while_it_draws() -> None:
    feed = PageFeed()
    seen: list[Due] = []
    async with asyncio.timeout(10):
        async for due in feed:
            seen.append(due)
            if seen == [ScreenDue()]:
                feed.screen()
            if seen.count(ScreenDue()) == 2:
                feed.gone("expired")
    assert seen == [ScreenDue(), StatusDue(), ScreenDue(), GoneDue("expired")]


async def test_a_waiting_page_is_woken() -> None:
    feed = PageFeed()
    reading = asyncio.create_task(rest(feed))
    for wake in (feed.screen, feed.status, lambda: feed.caption(line("agent-1")), lambda: feed.gone("moved")):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        wake()
    drawn = await reading
    assert drawn[-2:] == [line("agent-1"), GoneDue("moved")]
    assert drawn.count(ScreenDue()) == 2


async def test_words_that_changed_before_they_were_read_come_once_also_when_two_speak() -> None:
    feed = PageFeed()
    for text in ("여", "여권", "여권은"):
        feed.caption(line("agent-1", text, final=False))
        feed.caption(line("caller-1", f"{text}?", final=False))
    feed.gone("expired")
    captions = [due for due in await rest(feed) if isinstance(due, CaptionLine)]
    assert [(caption.utterance, caption.text) for caption in captions] == [
        ("agent-1", "여권은"),
        ("caller-1", "여권은?"),
    ]


@given(st.lists(st.integers(0, 3 * CAPTIONS), max_size=4 * CAPTIONS))
def test_captions_are_bounded_and_the_newest_stay(numbers: list[int]) -> None:
    async def told() -> list[Due]:
        feed = PageFeed()
        for number in numbers:
            feed.caption(line(f"agent-{number}", str(number)))
        feed.gone("expired")
        return await rest(feed)

    captions = [due for due in asyncio.run(told()) if isinstance(due, CaptionLine)]
    newest = list(dict.fromkeys(reversed(numbers)))[:CAPTIONS]
    assert [caption.text for caption in captions] == [str(number) for number in reversed(newest)]


async def test_a_page_that_has_left_is_told_nothing_more() -> None:
    feed = PageFeed()
    feed.close()
    feed.screen()
    assert await rest(feed) == []
