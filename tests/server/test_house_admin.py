"""The house as the administration pages see it: what is not seen through their addresses."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import BadInput
from core.home import open_home
from server.house_admin import HouseAdmin
from tests.fakes.admin_site import AGENTS, NOW, AdminSite
from tests.fakes.entries import WASTE


async def test_lessons_about_an_entry_that_is_gone_are_still_told(tmp_path: Path) -> None:
    async with AdminSite(tmp_path, entries=[WASTE]) as site:
        site.knowing.lessons.used("gone", "accepted", ["n여권"], NOW, call_id="c1")
        [learnt] = await site.house.learnt()
        assert (learnt.entry_id, learnt.title) == ("gone", "") and learnt.learnt


async def test_a_message_is_measured_as_carriers_do(tmp_path: Path) -> None:
    async with AdminSite(tmp_path) as site:
        assert site.house.text_size("가" * 46).kind == "lms"
        with pytest.raises(BadInput):
            site.house.text_size("가" * 1001)


async def test_the_day_is_the_call_centres_own(tmp_path: Path) -> None:
    async with AdminSite(tmp_path) as site:
        at = datetime(2026, 11, 26, 18, 0, tzinfo=UTC)
        house = HouseAdmin(
            centre="x",
            own_review=False,
            store=site.store,
            assistant=site.assistant,
            knowing=site.knowing,
            home=open_home(tmp_path / "other"),
            who=lambda _request: AGENTS["editor"],
            names=dict,
            clock=lambda: at,
        )
        assert house.today() == at.astimezone().date() and house.now() == at
        await house.imports.close()
