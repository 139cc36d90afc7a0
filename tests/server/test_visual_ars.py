"""The visual ARS of a node: who gets a link, who may try codes, what is kept of both."""

from __future__ import annotations

import hashlib

import msgspec
import pytest

from ars.inputs import Key
from ars.links import Expired, Known
from ars.model import JOIN, Text
from ars.visit import Visit
from core.errors import BadInput, Refused, StoreFault
from core.events import Party, ScreenShown, VisitChanged
from core.home import Home
from core.store.contract import LinkRecord
from server.visual_ars import CODES_OF_CALL
from tests.fakes.bridge import ScriptedCall
from tests.patience import until
from tests.server.ars_stage import LANDLINE, MOBILE, WITHHELD, ArsStage
from tests.server.test_reach import ALWAYS, stage_of


async def begun(stage: ArsStage, caller: Party = MOBILE) -> tuple[ScriptedCall, Visit]:
    call = stage.bridge.ring(caller)
    await stage.until(ScreenShown, call)
    return call, stage.visit(call)


def token_of(text: str) -> str:
    return text.rpartition("/v/")[2]


async def test_a_mobile_that_rings_gets_its_link(home: Home) -> None:
    async with stage_of(home, ars={"link_on_ring": True}) as stage:
        _, visit = await begun(stage)
        await until(lambda: len(stage.outbox.messages) == 1)
        (message,) = stage.outbox.messages
        assert message.to == "01000001111"
        assert message.text.startswith("[한빛시 작은 콜센터] 화면으로 보기: https://minwon.example/v/")
        assert message.secrets == (f"https://minwon.example/v/{token_of(message.text)}",)
        assert "01000001111" not in token_of(message.text)
        await until(lambda: visit.way == "sms")
        visit.open_page()
        assert (await stage.until(VisitChanged, state="opened")).way == "sms"


@pytest.mark.parametrize("caller", [LANDLINE, WITHHELD, Party(number="01000001111", anonymous=True), Party()])
async def test_others_get_none(home: Home, caller: Party) -> None:
    async with stage_of(home, ars={"link_on_ring": True}) as stage:
        _, visit = await begun(stage, caller)
        with pytest.raises(Refused) as refused:
            await visit.send_link()
        assert refused.value.code == "no_number"
        assert stage.outbox.messages == ()
        assert stage.ars.mobile_of(None, caller) == ""


async def test_a_link_that_cannot_be_sent_harms_nobody(home: Home) -> None:
    endless = msgspec.structs.replace(ALWAYS, messages={"link": Text(text={"ko": "가" * 3000})})
    async with stage_of(home, menu=endless, ars={"link_on_ring": True}) as stage:
        call, visit = await begun(stage)
        await until(lambda: not [task for task in stage.tasks if "link" in task.get_name()])
        with pytest.raises(BadInput):
            await visit.send_link()
        assert stage.outbox.messages == ()
        assert visit.way == "call"
        assert not call.ended.is_set()  # and no side task died, as the stage looks after


async def test_of_a_link_only_hashes_are_kept(home: Home) -> None:
    async with stage_of(home) as stage:
        call, visit = await begun(stage)
        token = token_of(stage.ars.link(visit))
        stage.ars.visits.links.bind(token, "the cookie", stage.ars.now())
        stage.ars.keep_links(visit)
        await until(lambda: not [task for task in stage.tasks if "keep links" in task.get_name()])
        (kept,) = await stage.store.links(after=stage.ars.now())
        assert kept.token_hash == hashlib.sha256(token.encode()).hexdigest()
        assert kept.browser_hash == hashlib.sha256(b"the cookie").hexdigest()
        assert (kept.visit_id, kept.call_id) == (visit.visit_id, call.call_id)
        assert kept.menu == f"small@{ALWAYS.version}"
        assert token not in msgspec.json.encode(kept).decode()
    for file in home.root.rglob("*"):
        assert not file.is_file() or token.encode() not in file.read_bytes(), f"the token is in {file.name}"


async def test_links_of_calls_that_are_gone_say_expired_after_a_restart(home: Home) -> None:
    async with stage_of(home) as stage:
        _, visit = await begun(stage)
        token = token_of(stage.ars.link(visit))
        await until(lambda: not [task for task in stage.tasks if "keep links" in task.get_name()])
    async with stage_of(home) as later:
        assert isinstance(later.ars.visits.links.look(token, "", later.ars.now()), Expired)


async def test_a_store_that_is_away_costs_only_the_restart(home: Home) -> None:
    async with stage_of(home) as stage:
        _, visit = await begun(stage)

        async def away(_record: LinkRecord) -> None:
            raise StoreFault("the database is away")

        stage.store.put_link = away  # type: ignore[method-assign, assignment]
        token = token_of(stage.ars.link(visit))
        await until(lambda: not [task for task in stage.tasks if "keep links" in task.get_name()])
        assert isinstance(stage.ars.visits.links.bind(token, "cookie", stage.ars.now()), Known)


# Codes.


async def page_with_code(stage: ArsStage) -> tuple[Visit, str]:
    web = stage.ars.visits.begin_web("ko")
    stage.ars.link(web)
    return web, stage.ars.visits.code(web)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


async def test_a_caller_from_a_landline_joins_her_page_by_keys(home: Home) -> None:
    async with stage_of(home) as stage:
        web, code = await page_with_code(stage)
        web.open_page()
        call, visit = await begun(stage, LANDLINE)
        visit.put(Key("1"))
        visit.state = msgspec.structs.replace(
            visit.state, trail=(*visit.state.trail, visit.state.here.__class__(id=JOIN)), field=0
        )
        call.press("caller", wrong(code))
        await until(lambda: visit.state.notice == "wrong_code")
        call.press("caller", code)
        await stage.until(VisitChanged, call, state="opened", way="code")
        assert visit.has_page
        assert visit.state.notice == "call_linked"
        assert not visit.state.has_number
        assert stage.ars.visits.get(web.visit_id) is None


async def test_a_call_may_guess_three_codes(home: Home) -> None:
    async with stage_of(home) as stage:
        _, code = await page_with_code(stage)
        _, guesser = await begun(stage)
        for _ in range(CODES_OF_CALL):
            assert not stage.ars.try_code(guesser, wrong(code))
        assert not stage.ars.try_code(guesser, code), "the right one comes too late"
        _, other = await begun(stage)
        assert stage.ars.try_code(other, code), "whoever guesses locks nobody out"


async def test_many_calls_that_guess_stop_the_joining_by_code(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.visual_ars.CODES_OF_ALL", 4)
    async with stage_of(home) as stage:
        _, code = await page_with_code(stage)
        for _ in range(4):
            _, guesser = await begun(stage)
            stage.ars.try_code(guesser, wrong(code))
        _, last = await begun(stage)
        assert not stage.ars.try_code(last, code)


# Words, languages, cards.


async def test_a_language_without_a_voice_is_spoken_in_english(home: Home) -> None:
    async with stage_of(home) as stage:
        assert [stage.ars.spoken_language(language) for language in ("ko", "en", "mn")] == ["ko", "en", "en"]
        _, visit = await begun(stage)
        visit.state = msgspec.structs.replace(visit.state, language="mn")
        visit.put(Key("1"))
        await until(lambda: any(text.startswith("Documents.") for text in stage.voices.said))
        assert visit.view().language == "mn"


class Album:
    """What is said about photos."""

    def __init__(self) -> None:
        self.called_about: set[str] = set()
        self.gone: set[str] = set()

    def called(self, photo_ids: set[str]) -> None:
        self.called_about |= photo_ids

    async def uncalled(self, photo_ids: set[str]) -> None:
        self.gone |= photo_ids


async def test_photos_go_with_a_page_that_never_called_and_stay_with_one_that_did(home: Home) -> None:
    async with stage_of(home) as stage:
        album = Album()
        stage.ars._photos = album  # type: ignore[assignment]
        call = stage.bridge.ring(MOBILE)
        await stage.until(ScreenShown, screen="main")
        never, joins = stage.ars.visits.begin_web("ko"), stage.ars.visits.begin_web("ko")
        never.photos.add("never")
        joins.photos.add("joins")
        stage.ars.visits.link(joins)
        assert stage.ars.try_code(stage.visit(call), stage.ars.visits.code(joins))
        stage.ars.visits.end(never)
        await until(lambda: bool(album.gone))
        assert (album.called_about, album.gone) == ({"joins"}, {"never"})


async def test_numbers_are_forgotten_with_the_visit(home: Home) -> None:
    async with stage_of(home) as stage:
        _, visit = await begun(stage)
        assert stage.ars.number_of(visit) == "01000001111"
        stage.ars.visits.end(visit)
        assert stage.ars.number_of(visit) == ""


async def test_without_a_menu_there_is_no_visit(home: Home) -> None:
    async with stage_of(home, "kim") as stage:
        stage.ars._shelf = None
        call = stage.bridge.ring()
        await until(call.joined.is_set)
        assert stage.ars.visits.of_call(call.call_id) is None
