"""Puts a visit's page onto any screen at once, and waits for the phone to show it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from msgspec.structs import replace
from playwright.async_api import Page, expect

from ars import forms
from ars.model import Language
from ars.state import Phase, Stop
from ars.visit import Visit
from tests.fakes.call_side import FakeCall
from tests.fakes.phone_site import PhoneSite
from tests.patience import until


class Driver:
    """One visit and its page."""

    def __init__(self, site: PhoneSite, page: Page, call: FakeCall, visit: Visit, path: str) -> None:
        self.site = site
        self.page = page
        self.call = call
        self.visit = visit
        self.path = path

    @classmethod
    async def open(cls, site: PhoneSite, page: Page, **how: Any) -> Driver:
        """A call has come, its link was tapped, the page is connected."""
        call, visit, path = site.call(**how)
        driver = cls(site, page, call, visit, path)
        await page.goto(path)
        await driver.connected()
        return driver

    async def connected(self) -> None:
        """The page runs its script and hears us."""
        await expect(self.page.locator("html.js")).to_be_attached()
        await expect(self.page.locator("#status.lost")).to_have_count(0)
        await until(lambda: self.visit.has_page)

    async def show(self, *ids: str, phase: Phase = "menu", language: Language | None = None, **changes: Any) -> None:
        """The visit is on that screen now, whatever led there."""
        state = self.visit.state
        trail = (state.trail[0], *(Stop(id=id) for id in ids if id != state.trail[0].id))
        state = replace(
            state, trail=trail, phase=phase, number=state.number + 1, language=language or state.language,
            values=(), errors=(), notice="", said={}, keyed="", field=-1, moved=None,
        )  # fmt: skip
        state = replace(state, field=forms.first_keyed(state.screen))
        self.visit.state = replace(state, **changes)
        await self.drawn()

    async def drawn(self) -> None:
        """Until the page shows what the visit is on."""
        self.visit._draw()
        self.visit._draw_status()
        state = self.visit.state
        shown = f'#main[data-number="{state.number}"][data-screen="{state.here.id}"]'
        await self.page.wait_for_function("shown => document.querySelector(shown)", arg=shown)  # looks at every frame

    async def on(self, screen: str) -> None:
        """Until page and visit are on that screen."""
        await self.page.locator(f'#main[data-screen="{screen}"]').wait_for(state="attached")
        assert self.visit.state.here.id == screen

    def ends_in(self, seconds: float) -> None:
        """The page lives so long."""
        self.visit.ends = self.site.house.clock + dt.timedelta(seconds=seconds)
        self.visit._draw_status()
