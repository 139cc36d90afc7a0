"""Opens what the visual ARS and text messages are made of, in order, for one node."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

import msgspec

from agent_assist.assistant import Assistant
from agent_assist.knowledge.markdown import plain
from ars import voice
from ars.guesses import Guesses
from ars.menu_files.menu_file import find
from ars.menu_files.shelf import MenuShelf
from ars.model import LANGUAGES, Menu
from ars.phone.routes import phone
from ars.photos import Photos
from ars.prompts import Phrase, Prompts
from ars.state import begin
from ars.visits import Found
from channels.contract import Gateway, OnText
from channels.gateways import open_gateway
from channels.messenger import Messenger, Told
from core.config import Config
from core.errors import MinwonError
from core.home import Home
from core.log import get_logger
from core.pictures.shelf import Pictures
from core.store.contract import Store
from core.web.client import Proxies
from server.texts_parts import allowance_of
from server.visual_ars import VisualArs
from server.web import Setup

log = get_logger("server.ars")

PHOTOS_S: Final = 3600.0
"""How often old photos are looked for."""

Spawn = Callable[[Coroutine[Any, Any, None], str], object]


class ArsParts(msgspec.Struct, frozen=True, kw_only=True):
    """The parts, open."""

    ars: VisualArs
    pictures: Pictures
    photos: Photos
    gateway: Gateway
    messenger: Messenger
    shelf: MenuShelf | None
    """None where there is no menu."""
    voices: Prompts

    async def prepare_prompts(self) -> None:
        """What the menu says, ahead: once calls can come, for a node's start needs its cores."""
        if self.shelf is not None:
            await self.voices.prepare(_phrases(self.shelf.current, self.ars))


@asynccontextmanager
async def open_ars(
    config: Config,
    home: Home,
    store: Store,
    told: Told,
    spawn: Spawn,
    public_url: Callable[[], str],
    clock: Callable[[], dt.datetime],
    on_text: OnText | None = None,
) -> AsyncIterator[ArsParts]:
    """Everything but the web routes. ``clock``: local time with its zone. ``on_text`` takes the texts that the gateway
    brings. ``BadInput`` for a menu that is unusable."""
    async with AsyncExitStack() as stack:
        shelf = await _open_shelf(config, home, stack)
        recordings = Path(config.ars.prompts) if config.ars.prompts else None
        voices = Prompts(home.root / "cache" / "prompts", recordings, private=home.run / "spoken")
        stack.push_async_callback(voices.close)
        gateway = open_gateway(config.sms, config.smpp, on_text)
        messenger = await stack.enter_async_context(
            Messenger(
                gateway,
                store,
                told,
                allowance=allowance_of(config.texts),
                limit=config.sms.waiting,
                at_once=config.sms.at_once,
            )
        )
        pictures = Pictures(home.root / "uploads", most_mb=config.ars.uploads_mb, days=config.ars.uploads_days)
        photos = Photos(pictures)
        ars = VisualArs(
            config.ars,
            shelf=shelf,
            voices=voices,
            messenger=messenger,
            store=store,
            spawn=spawn,
            public_url=public_url,
            photos=photos,
            clock=clock,
        )
        await ars.restore()
        spawn(ars.visits.sweep(), "visits")
        spawn(_sweep_photos(photos, ars), "photos")
        yield ArsParts(
            ars=ars,
            pictures=pictures,
            photos=photos,
            gateway=gateway,
            messenger=messenger,
            shelf=shelf,
            voices=voices,
        )


def phone_room(
    parts: ArsParts, config: Config, assistant: Assistant, *, frame_ancestors: str = "'none'"
) -> tuple[Setup, ...]:
    """The caller's page as a room of the web application; none without a menu."""
    if parts.shelf is None:
        return ()
    shelf = parts.shelf
    return (
        phone(
            parts.ars.visits,
            menu=lambda: shelf.current,
            search=_search(assistant),
            photos=parts.photos,
            guesses=Guesses(),
            proxies=Proxies(config.web.proxies),
            public_url=config.web.public_url,
            frame_ancestors=frame_ancestors,
            bound=parts.ars.keep_links,
        ),
    )


async def _open_shelf(config: Config, home: Home, stack: AsyncExitStack) -> MenuShelf | None:
    if not config.ars.menu:
        return None
    prompts = Path(config.ars.prompts) if config.ars.prompts else None
    shelf = MenuShelf(find(config.ars.menu), home.root / "menus", prompts=prompts)
    await shelf.open()
    await stack.enter_async_context(shelf.watched())
    return shelf


def _search(assistant: Assistant) -> Callable[[str, int], list[Found]]:
    """The consultation database for callers: what an entry says, without names of people."""

    def search(query: str, limit: int) -> list[Found]:
        found = []
        for card in assistant.search(query, limit):
            entry = assistant.entry(card.id)
            if entry is not None:
                steps = "\n\n".join(f"{number}. {step}" for number, step in enumerate(entry.procedure, 1))
                text = "\n\n".join(part for part in (plain(entry.body), steps) if part)
                found.append(
                    Found(id=entry.id, title=entry.title, text=text, department=entry.department, phone=entry.phone)
                )
        return found

    return search


def _phrases(menu: Menu, ars: VisualArs) -> Iterator[Phrase]:
    """What the menu's voice will say, the first screens of the first language first."""
    for language in LANGUAGES:
        if language not in menu.languages or ars.spoken_language(language) != language:
            continue
        state = begin("", menu, ars.now(), language=language, has_number=True)
        for piece in voice.all_pieces(state, ars.now()):
            yield Phrase(text=piece.text, language=piece.language, name=piece.name)


async def _sweep_photos(photos: Photos, ars: VisualArs) -> None:
    while True:
        try:
            await photos.sweep(ars.now())
        except MinwonError as fault:  # a folder that cannot be tidied keeps no node from its calls
            log.error("photos.not_swept", why=str(fault))
        await asyncio.sleep(PHOTOS_S)
