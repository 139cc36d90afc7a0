"""The demo's texts are what the office pages would take, and every rule has its template."""

from __future__ import annotations

from channels.office import TemplateWish
from channels.settings import template_of
from core.home import Home
from core.store.sql_store import open_store
from server.demo.texts import seed


async def test_what_is_put_in_could_have_been_written_by_hand(home: Home) -> None:
    store = await open_store("", home)
    try:
        await seed(store)
        templates = await store.texting.templates()
        for one in templates:
            wish = TemplateWish(template_id=one.template_id, title=one.title, text=one.text, notice=one.notice)
            assert template_of(wish, by="haneul").text == one.text
        known = {one.template_id for one in templates}
        rules = await store.texting.rules()
        assert rules
        assert {rule.template_id for rule in rules} <= known
        assert all(rule.forms or rule.categories or rule.results or rule.departments for rule in rules)
    finally:
        await store.close()
