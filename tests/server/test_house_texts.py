"""The desk's half of texts: whose call it is, templates, numbers that callers give, who may what in the outbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest

from agent_assist.desk_texts import NumberWish, TextAgain, TextToSend
from channels.opt_outs import OptOuts
from channels.quiet_hours import QuietHours
from channels.sending import Sending, Wish
from core.errors import MinwonError, Refused
from core.events import KeyPressed, MessageSent, NumberAsked, Party, TranscriptFinal, now
from core.home import Home
from core.store.entry import Entry, Reference
from core.store.messages import MessageRecord
from core.store.texting import SenderNumber, TextRule, TextTemplate
from server.house_texts import HouseTexts
from server.house_visits import HouseVisits
from server.texts_parts import TextsParts
from tests.channels.text_stage import KEYS, NOON, USUAL
from tests.fakes.bridge import ScriptedCall
from tests.patience import until
from tests.server.ars_stage import LANDLINE, WITHHELD, ArsStage
from tests.server.test_house_visits import Assistant, house_of, talking
from tests.server.test_reach import stage_of

KEY = "0123456789abcdef"
AT = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
WASTE = Entry(
    id="7",
    title="대형 폐기물",
    department="자원순환과",
    person="박하늘",
    deputy="이바다",
    person_absent=True,
    phone="033-120-4567",
    links=(
        Reference(title="신청", url="https://hanbit.example/waste"),
        Reference(title="오시는 길", url="https://map.kakao.com/link/map/1"),
    ),
)


class Entries(Assistant):
    def entry(self, entry_id: str) -> Entry | None:
        return WASTE if entry_id == WASTE.id else None


class NobodyWrites:
    """No written contacts."""

    def standing(self, _contact_id: str) -> None:
        return None

    def held(self, _contact_id: str, _agent_id: str) -> None:
        return None


async def _receipt(_contact_id: str) -> str:
    return "26-482-173-053"


@asynccontextmanager
async def texts_of(stage: ArsStage, *, undo_s: float = 60.0) -> AsyncIterator[HouseTexts]:
    async def tell(contact_id: str, event: MessageSent) -> None:
        await stage.calls.tell(contact_id, event)

    opt_outs = OptOuts(stage.store.texting, KEYS)
    sending = Sending(
        messenger=stage.messenger,
        store=stage.store,
        opt_outs=opt_outs,
        quiet=QuietHours.between("21:00", "08:00"),
        tell=tell,
        clock=lambda: NOON,
        undo_s=undo_s,
        same=dt.timedelta(minutes=10),
        usual_sender=USUAL,
    )
    async with sending.waiting:
        yield HouseTexts(
            texts=TextsParts(sending=sending, opt_outs=opt_outs, clock=lambda: NOON, usual_sender=USUAL, undo_s=undo_s),
            written=NobodyWrites(),  # type: ignore[arg-type]
            ars=stage.ars,
            gateway=stage.outbox,
            store=stage.store,
            dispatcher=stage.dispatcher,
            calls=stage.calls,
            assistant=Entries(),  # type: ignore[arg-type]
            centre="한빛시 민원콜센터",
            supervises=lambda agent_id: agent_id == "boss",
            receipt=_receipt,
        )


def text(content: str = "안녕하세요", key: str = KEY, **more: Any) -> TextToSend:
    return TextToSend(text=content, key=key, **more)


async def refusal(deed: Any) -> str:
    with pytest.raises(MinwonError) as refused:
        await deed
    return refused.value.code


async def test_only_her_own_call_is_hers(home: Home) -> None:
    async with stage_of(home, "kim", "lee") as stage, texts_of(stage) as house:
        call, _ = await talking(stage)
        other = "lee" if stage.dispatcher.roster.seen("kim").busy_call == call.call_id else "kim"
        for call_id, agent in ((call.call_id, other), ("other", "kim"), ("", "kim")):
            for asked in (
                house.text_offer(call_id, agent, ""),
                house.send_text(call_id, agent, text()),
                house.ask_number(call_id, agent, NumberWish(do="ask")),
            ):
                assert await refusal(asked) == "not_your_call"
        assert stage.outbox.messages == ()


async def test_templates_come_filled_with_what_is_known(home: Home) -> None:
    async with stage_of(home, "kim") as stage, texts_of(stage) as house:
        put = stage.store.texting.put_template
        everything = "{민원인} {부서} {담당자} {전화} {링크} {지도} {상담사} {센터} {날짜} {업무} {접수번호}"
        await put(TextTemplate(template_id="a", title="모두", text=everything, place=1, at=AT))
        await put(TextTemplate(template_id="b", title="폐기물", text="x", department="자원순환과", place=2, at=AT))
        await put(TextTemplate(template_id="c", title="여권", text="y", department="여권과", place=3, at=AT))
        waste = SenderNumber(
            number="0331204567", name="자원순환과", registered=date(2026, 1, 1), department="자원순환과", at=AT
        )
        await stage.store.texting.put_sender(waste)
        call, _ = await talking(stage)
        offer = await house.text_offer(call.call_id, "kim", "7")
        assert offer.text.splitlines()[-3:] == [
            "자원순환과 이바다 033-120-4567",
            "https://hanbit.example/waste",
            "https://map.kakao.com/link/map/1",
        ]
        first, second = offer.templates
        assert first.text == (
            "{민원인} 자원순환과 이바다 033-120-4567 https://hanbit.example/waste https://map.kakao.com/link/map/1 "
            "상담사 kim 한빛시 민원콜센터 3월 2일 대형 폐기물 26-482-173-053"
        )
        assert first.unfilled == ("민원인",)
        assert second.template_id == "b"
        assert (offer.sender, [sender.number for sender in offer.senders]) == (waste.number, [USUAL, waste.number])
        assert (await house.text_offer(call.call_id, "kim", "")).sender == USUAL
        assert await refusal(house.text_offer(call.call_id, "kim", "99")) == "no_entry"


async def test_a_text_is_told_on_the_line_and_taken_back(home: Home) -> None:
    async with stage_of(home, "kim") as stage, texts_of(stage) as house:
        call, _ = await talking(stage)
        taken = [await house.send_text(call.call_id, "kim", text(entry_id="7")) for _ in range(2)]
        assert taken[0] == taken[1]
        waits = await stage.until(MessageSent, call)
        assert (waits.state, waits.reason, waits.by, waits.entry_id) == ("waiting", "undo", "kim", "7")
        page = await house.outbox(limit=10, before=None, agent_id="kim", mine=True)
        assert [(one.state, one.by, one.back) for one in page.messages] == [("waiting", "상담사 kim", True)]
        await house.take_back(waits.message_id, "kim")
        assert (await stage.until(MessageSent, call)).state == "withdrawn"
        assert await refusal(house.take_back(waits.message_id, "kim")) == "too_late"
        assert stage.outbox.messages == ()


async def test_a_colleagues_text_is_hers_alone_unless_one_supervises(home: Home) -> None:
    async with stage_of(home, "kim", "lee", "boss") as stage, texts_of(stage) as house:
        await house._texts.sending.send(Wish(message_id="m1", to="01000001111", text="네", by="kim"))
        failed = MessageRecord(message_id="f", to="01000001111", text="못 간 것", state="failed", by="kim", at=now())
        await stage.store.put_message(failed)
        again = TextAgain(key=KEY)
        assert await refusal(house.take_back("m1", "lee")) == "not_your_text"
        assert await refusal(house.text_again("f", "lee", again)) == "not_your_text"
        page = await house.outbox(limit=10, before=None, agent_id="lee", mine=False)
        assert not any(one.again or one.back for one in page.messages)
        assert (await house.outbox(limit=10, before=None, agent_id="lee", mine=True)).messages == ()
        await house.take_back("m1", "boss")
        await house.text_again("f", "boss", again)
        assert [waits.text for waits in house._texts.sending.waiting.all] == ["못 간 것"]


async def test_the_outbox_pages_on_behind_what_waits(home: Home) -> None:
    async with stage_of(home, "kim") as stage, texts_of(stage) as house:
        rule = TextRule(rule_id="r1", name="폐기물 뒤", template_id="t", at=AT)
        await stage.store.texting.put_rule(rule)
        for number in range(5):
            by = "rule:r1" if number == 4 else "kim"
            at = now() + dt.timedelta(seconds=number)
            await stage.store.put_message(MessageRecord(message_id=str(number), to="010", text="네", by=by, at=at))
        await house._texts.sending.send(Wish(message_id="w", to="01000001111", text="네", by="kim"))
        first = await house.outbox(limit=3, before=None, agent_id="kim", mine=False)
        rest = await house.outbox(limit=3, before=first.messages[-1].at, agent_id="kim", mine=False)
        assert [one.message_id for one in first.messages] == ["w", "4", "3", "2"]
        assert [one.message_id for one in rest.messages] == ["1", "0"]
        assert (first.more, rest.more) == (True, False)
        assert (first.messages[1].by, first.messages[1].rule) == ("폐기물 뒤", True)


async def test_links_are_shown_where_nothing_is_really_sent(home: Home) -> None:
    async with stage_of(home, "kim") as stage, texts_of(stage) as house:
        call, _ = await talking(stage)
        await house_of(stage).send_link(call.call_id, "kim")
        await until(lambda: len(stage.outbox.messages) == 1)
        (link,) = (await house.outbox(limit=10, before=None, agent_id="kim", mine=True)).messages
        assert link.links[0] in link.text
        assert all("/v/" not in record.text for record in await stage.store.messages())


async def without_mobile(stage: ArsStage, caller: Party) -> tuple[ScriptedCall, HouseVisits]:
    call, _ = await talking(stage, caller)
    return call, house_of(stage)


@pytest.mark.parametrize("caller", [LANDLINE, WITHHELD])
async def test_a_caller_keys_her_mobile_number(home: Home, caller: Party) -> None:
    async with stage_of(home, "kim") as stage, texts_of(stage, undo_s=0.0) as house:
        call, visits = await without_mobile(stage, caller)
        assert not visits.reach(call.call_id, "kim").mobile
        assert await refusal(house.send_text(call.call_id, "kim", text())) == "not_a_mobile"
        before = len([event for event in stage.events if isinstance(event, KeyPressed)])
        await house.ask_number(call.call_id, "kim", NumberWish(do="ask"))
        await until(lambda: any("공일공부터" in said for said in stage.voices.said))
        call.press("caller", "01055556666")
        heard = await stage.until(NumberAsked, call, state="heard")
        assert heard.number == "01055556666"
        await until(lambda: any("0 1 0, 5 5 5 5, 6 6 6 6" in said for said in stage.voices.said))
        assert visits.reach(call.call_id, "kim").asked.state == "heard"
        call.press("caller", "1")
        await stage.until(NumberAsked, call, state="confirmed")
        reach = visits.reach(call.call_id, "kim")
        assert (reach.mobile, reach.link, reach.number) == (True, True, "01055556666")
        await house.send_text(call.call_id, "kim", text())
        await visits.send_link(call.call_id, "kim")
        await until(lambda: len(stage.outbox.messages) == 2)
        assert {message.to for message in stage.outbox.messages} == {"01055556666"}
        told = [event for event in stage.events if isinstance(event, KeyPressed)]
        assert len(told) == before, "what is keyed for the number is told to nobody else"
        assert not any(isinstance(event, NumberAsked) for event in stage.calls.flow(call.call_id).line.past)  # type: ignore[union-attr]
        call.press("caller", "5")  # keys are the menu's again
        await stage.until(KeyPressed, call, digit="5")


async def test_a_number_is_said_or_typed_and_asked_for_again(home: Home) -> None:
    async with stage_of(home, "kim") as stage, texts_of(stage) as house:
        call, visits = await without_mobile(stage, WITHHELD)
        flow = stage.calls.flow(call.call_id)
        assert flow is not None
        await house.ask_number(call.call_id, "kim", NumberWish(do="ask"))
        said = {"utterance": "u", "start": 0.0, "end": 1.0}
        await flow.asking.heard(TranscriptFinal(speaker="agent", text="공일공 일이삼사 오육칠팔이요?", **said))  # type: ignore[arg-type]
        assert flow.asking.asking.phase == "asking"
        await flow.asking.heard(TranscriptFinal(speaker="caller", text="공일공 일이삼사 오육칠팔이요", **said))  # type: ignore[arg-type]
        assert (await stage.until(NumberAsked, call, state="heard")).number == "01012345678"
        await house.ask_number(call.call_id, "kim", NumberWish(do="again"))
        assert await refusal(house.ask_number(call.call_id, "kim", NumberWish(do="number", number="033-120"))) == (
            "not_a_mobile"
        )
        await house.ask_number(call.call_id, "kim", NumberWish(do="number", number="010 7777 8888"))
        await house.ask_number(call.call_id, "kim", NumberWish(do="yes"))
        assert visits.reach(call.call_id, "kim").number == "01077778888"
        assert await refusal(house.ask_number(call.call_id, "kim", NumberWish(do="yes"))) == "no_step"


async def hung_up(stage: ArsStage, call: ScriptedCall) -> None:
    """The call is over, and she writes it up."""
    stage.dispatcher._wrap_up_s = 60.0
    await call.hang_up()
    await until(lambda: stage.calls.flow(call.call_id) is None)


async def test_in_wrap_up_the_caller_is_still_written_to(home: Home) -> None:
    async with stage_of(home, "kim") as stage, texts_of(stage, undo_s=0.0) as house:
        call, visits = await without_mobile(stage, LANDLINE)
        await hung_up(stage, call)
        visit = stage.ars.visits.of_call(call.call_id)
        assert visit is None or not visits.reach(call.call_id, "kim").mobile
        await house.ask_number(call.call_id, "kim", NumberWish(do="number", number="010 7777 8888"))
        assert (await stage.until(NumberAsked, call, state="confirmed")).number == "01077778888"
        await house.send_text(call.call_id, "kim", text())
        await until(lambda: len(stage.outbox.messages) == 1)
        assert stage.outbox.messages[0].to == "01077778888"


async def test_a_caller_without_a_menu_is_written_to_after_the_call(home: Home) -> None:
    async with stage_of(home, "kim") as stage, texts_of(stage, undo_s=0.0) as house:
        call, _ = await talking(stage)
        await hung_up(stage, call)
        if visit := stage.ars.visits.of_call(call.call_id):
            stage.ars.visits.end(visit)
        await house.send_text(call.call_id, "kim", text())
        await until(lambda: len(stage.outbox.messages) == 1)
        assert stage.outbox.messages[0].to == call.caller.number


async def test_a_call_that_is_over_is_not_asked(home: Home) -> None:
    async with stage_of(home, "kim") as stage, texts_of(stage) as house:
        call, _ = await talking(stage)
        await call.hang_up()
        await until(lambda: stage.calls.flow(call.call_id) is None)
        with pytest.raises(Refused):
            await house.ask_number(call.call_id, "kim", NumberWish(do="ask"))
