"""SMPP against a message centre that misbehaves: nothing lost, nothing sent twice, everything said in words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace

import pytest

from channels import smpp_incoming
from channels.contract import Receipt
from channels.reasons import in_words
from channels.smpp_gateway import SmppGateway
from channels.smpp_parts import Form
from core import metrics
from core.errors import GatewayFault, NotSent, StoreFault
from core.events import now
from tests.channels.smpp_stage import TERMS, Told, settings, smpp_gateway
from tests.contracts.test_gateway import NUMBER, message
from tests.fakes.smpp_centre import SENDER, SmppCentre
from tests.patience import until

LONG = "여권 재발급 안내입니다. 신분증과 사진 한 장을 가져오세요.\n" + "가나다라마바사 아자차카타파하" * 30


@pytest.fixture
async def centre() -> AsyncIterator[SmppCentre]:
    async with SmppCentre() as opened:
        yield opened


class Site:
    """A gateway that is open, and what it told."""

    def __init__(self, gateway: SmppGateway) -> None:
        self.gateway = gateway
        self.told = Told()

    async def __aenter__(self) -> Site:
        await self.gateway.open(self.told, [])
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.gateway.close()


def doubt(chosen: str) -> float:
    found: float = metrics.MESSAGES_IN_DOUBT.labels(chosen=chosen)._value.get()
    return found


async def test_a_text_leaves_as_agreed_and_its_receipt_is_told(centre: SmppCentre, no_blocking_calls: None) -> None:
    async with Site(smpp_gateway(centre, service_type="CMT")) as site:
        centre.holds_receipts = True
        receipt = await site.gateway.send(message())
        assert receipt.state == "sent"
        centre.report_all()
        await until(lambda: site.told.states == ["delivered"])
        assert site.told.told[0].reference == receipt.reference
    (taken,) = centre.taken
    assert (taken["to"], taken["from"], taken["ton"]) == (NUMBER, SENDER, (0, 1, 0, 1))
    assert (taken["coding"], taken["registered"], taken["service"]) == (14, 1, "CMT")
    assert centre.complaints == []


@pytest.mark.parametrize(("encoding", "coding"), [("euc-kr", 14), ("ucs-2", 8)])
@pytest.mark.parametrize("way", ["udh", "sar", "payload"])
async def test_a_long_text_arrives_whole_every_way(centre: SmppCentre, encoding: str, coding: int, way: str) -> None:
    form = Form(encoding=encoding, way=way)  # type: ignore[arg-type]
    async with Site(smpp_gateway(centre, form=form)) as site:
        receipt = await site.gateway.send(message(text=LONG))
        await until(lambda: receipt.state == "sent" and site.told.states == ["delivered"])
    assert centre.texts() == [LONG]
    assert {taken["coding"] for taken in centre.taken} == {coding}
    assert (len(centre.taken) == 1) is (way == "payload")
    assert centre.complaints == []


async def test_international_numbers_and_a_sender_of_the_message(centre: SmppCentre) -> None:
    async with Site(smpp_gateway(centre, country="82")) as site:
        sent = message()
        await site.gateway.send(
            type(sent)(**{name: getattr(sent, name) for name in sent.__struct_fields__} | {"sender": "0331"})
        )
    assert (centre.taken[0]["to"], centre.taken[0]["from"]) == ("82" + NUMBER[1:], "0331")


async def test_two_links_where_the_centre_wants_them(centre: SmppCentre) -> None:
    async with Site(smpp_gateway(centre, pair=True)) as site:
        centre.holds_receipts = True
        assert (await site.gateway.send(message())).state == "sent"
        centre.report_all()
        await until(lambda: site.told.states == ["delivered"])
        assert sorted(centre.binds) == ["receiver", "transmitter"]
    assert centre.complaints == []


@pytest.mark.parametrize("receipts", ["text", "tlv", "both"])
async def test_receipts_of_every_make(centre: SmppCentre, receipts: str) -> None:
    centre.receipts, centre.echoes, centre.result = receipts, False, "UNDELIV"
    async with Site(smpp_gateway(centre)) as site:
        receipt = await site.gateway.send(message())
        if receipt.state == "sent":
            await until(lambda: bool(site.told.told))
            receipt = site.told.told[0]
    assert receipt.state == "failed"
    assert receipt.reason == in_words("not_delivered", "UNDELIV")


async def test_receipts_in_decimal_of_ids_in_hexadecimal(centre: SmppCentre) -> None:
    centre.decimal = centre.holds_receipts = True
    async with Site(smpp_gateway(centre, receipt_ids="decimal")) as site:
        await site.gateway.send(message())
        centre.report_all()
        await until(lambda: site.told.states == ["delivered"])


async def test_a_receipt_before_the_answer_is_not_lost(centre: SmppCentre) -> None:
    centre.submits.append("early")
    async with Site(smpp_gateway(centre)) as site:
        receipt = await site.gateway.send(message())
        await until(lambda: receipt.state == "sent" and site.told.states == ["delivered"])


async def test_receipts_that_come_twice_or_for_nobody_are_told_once(centre: SmppCentre) -> None:
    """One for nobody is acknowledged in the end: a centre would send it for ever."""
    centre.holds_receipts = centre.twice = True
    async with Site(smpp_gateway(centre, pace=0.01)) as site:
        await site.gateway.send(message())
        stranger = centre.taken[0] | {"id": "ffff", "reference": 1}
        centre.report(stranger)
        centre.report_all()
        await until(lambda: len(centre.acknowledges) == 4)
        assert site.told.states == ["delivered"]
        assert set(centre.acknowledges) == {0}


async def test_a_long_text_has_arrived_when_all_of_it_has(centre: SmppCentre) -> None:
    centre.holds_receipts = True
    async with Site(smpp_gateway(centre)) as site:
        receipt = await site.gateway.send(message(text=LONG))
        assert receipt.state == "sent"
        *first, last = reversed(centre.taken)
        for taken in first:
            centre.report(taken)
        await until(lambda: len(centre.acknowledges) == len(first))
        assert site.told.told == []
        centre.report(last)
        await until(lambda: site.told.states == ["delivered"])
        assert site.told.told[0].reference == receipt.reference


async def test_a_long_text_has_failed_when_one_part_has(centre: SmppCentre) -> None:
    centre.holds_receipts = True
    async with Site(smpp_gateway(centre)) as site:
        await site.gateway.send(message(text=LONG))
        centre.report(centre.taken[1], "EXPIRED")
        centre.report_all("DELIVRD")
        await until(lambda: len(centre.acknowledges) == len(centre.taken) + 1)
        assert site.told.states == ["failed"]
        assert site.told.told[0].reason == in_words("switched_off", "EXPIRED")


async def test_answers_twice_and_in_the_wrong_order(centre: SmppCentre) -> None:
    centre.submits.extend(["late", "twice", 0])
    async with Site(smpp_gateway(centre)) as site:
        sent = [message(f"m{number}", f"안내 {number}") for number in range(3)]
        receipts = await asyncio.gather(*(site.gateway.send(each) for each in sent))
        ids = {taken["id"]: taken["body"].decode("cp949") for taken in centre.taken}
        assert [ids[receipt.reference] for receipt in receipts] == [each.text for each in sent]
    assert len(centre.taken) == 3


@pytest.mark.parametrize("fate", ["nameless", "garbled"])
async def test_an_answer_without_an_id_is_found_by_our_own_reference(centre: SmppCentre, fate: str) -> None:
    centre.submits.append(fate)
    centre.holds_receipts = True
    async with Site(smpp_gateway(centre)) as site:
        receipt = await site.gateway.send(message())
        assert receipt.state == "sent"
        assert await site.gateway.delivery(message(), receipt.reference) == receipt
        centre.report_all()
        await until(lambda: site.told.states == ["delivered"])
    assert len(centre.taken) == 1


@pytest.mark.parametrize(
    ("status", "name"),
    [(0x0B, "no_subscriber"), (0x0A, "sender_not_registered"), (0x45, "not_delivered"), (0x437, "bad_request")],
)
async def test_what_the_centre_refuses_has_failed_in_words(centre: SmppCentre, status: int, name: str) -> None:
    centre.submits.append(status)
    async with Site(smpp_gateway(centre)) as site:
        receipt = await site.gateway.send(message())
    assert receipt == Receipt(state="failed", reason=in_words(name, f"{status:X}"))


async def test_throttling_slows_down_and_loses_nothing(centre: SmppCentre) -> None:
    centre.submits.extend([0x14])
    async with Site(smpp_gateway(centre, per_second=500.0)) as site:
        receipts = await asyncio.gather(*(site.gateway.send(message(f"m{n}", f"안내 {n}")) for n in range(6)))
    assert {receipt.state for receipt in receipts} == {"sent"}
    assert sorted(centre.texts()) == [f"안내 {n}" for n in range(6)]


async def test_a_passing_error_certainly_sent_nothing(centre: SmppCentre) -> None:
    centre.submits.append(0x08)
    async with Site(smpp_gateway(centre)) as site:
        with pytest.raises(NotSent):
            await site.gateway.send(message())
        assert (await site.gateway.send(message())).state == "sent"
    assert len(centre.taken) == 1


async def test_never_more_in_the_air_than_the_window(centre: SmppCentre) -> None:
    centre.submits.extend(["slow"] * 12)
    centre.slow_s = 0.1
    async with Site(smpp_gateway(centre, window=4)) as site:
        await asyncio.gather(*(site.gateway.send(message(f"m{n}", f"안내 {n}")) for n in range(12)))
    assert centre.most_unanswered == 4


async def test_who_waits_too_long_comes_back_for_the_same_flight(centre: SmppCentre) -> None:
    centre.submits.append("slow")
    async with Site(smpp_gateway(centre, answer_s=0.15)) as site:
        began = now()
        with pytest.raises(GatewayFault) as caught:
            await site.gateway.send(message())
        assert not isinstance(caught.value, NotSent)
        await asyncio.sleep(0.3)
        receipt = await site.gateway.send(message(), tried=began)
        assert receipt.reference == centre.taken[0]["id"]
    assert len(centre.taken) == 1


async def test_nobody_there_certainly_sent_nothing_and_says_why(centre: SmppCentre) -> None:
    await centre.stop()
    gateway = smpp_gateway(centre, pace=0.02)
    async with Site(gateway) as site:
        with pytest.raises(NotSent, match="cannot be reached"):
            await site.gateway.send(message())
        await centre.start()
        await until(lambda: bool(centre.bound))
        assert (await site.gateway.send(message())).state == "sent"


@pytest.mark.parametrize(("status", "words"), [(0x0E, "password"), (0x0F, "system_id"), (0x05, "bound already")])
async def test_a_refused_bind_says_what_to_look_at(centre: SmppCentre, status: int, words: str) -> None:
    centre.bind_status = status
    async with Site(smpp_gateway(centre, pace=0.02)) as site:
        with pytest.raises(NotSent, match=words):
            await site.gateway.send(message())


async def test_a_short_break_is_waited_for(centre: SmppCentre) -> None:
    async with Site(smpp_gateway(centre)) as site:
        await site.gateway.send(message())
        await centre.restart()
        assert (await site.gateway.send(message("m2", "둘째"))).state == "sent"
    assert centre.texts() == [message().text, "둘째"]


@pytest.mark.parametrize("echoes", [True, False])
@pytest.mark.parametrize("receipts", ["text", "tlv"])
async def test_what_was_taken_before_the_break_is_found_by_its_receipt(
    centre: SmppCentre, echoes: bool, receipts: str
) -> None:
    if receipts == "tlv" and not echoes:
        return  # such a receipt names nothing that we know: see the next test
    centre.echoes, centre.receipts = echoes, receipts
    centre.submits.append("lost")
    before = doubt("found")
    async with Site(smpp_gateway(centre)) as site:
        began = now()
        with pytest.raises(GatewayFault) as caught:
            await site.gateway.send(message())
        assert not isinstance(caught.value, NotSent)
        receipt = await site.gateway.send(message(), tried=began)
        assert receipt.reference == centre.taken[0]["id"]
        await until(lambda: site.told.states == ["delivered"] and list(centre.acknowledges) == [0])
    assert len(centre.taken) == 1
    assert doubt("found") == before + 1


@pytest.mark.parametrize("fate", ["lost", "gone"])
@pytest.mark.parametrize("in_doubt", ["again", "never"])
async def test_what_nobody_can_tell_is_chosen_said_and_counted(centre: SmppCentre, fate: str, in_doubt: str) -> None:
    centre.submits.append(fate)
    centre.holds_receipts = True
    before = doubt(in_doubt)
    async with Site(smpp_gateway(centre, in_doubt=in_doubt)) as site:
        began = now()
        with pytest.raises(GatewayFault):
            await site.gateway.send(message())
        receipt = await site.gateway.send(message(), tried=began)
    assert doubt(in_doubt) == before + 1
    if in_doubt == "never":
        assert receipt == Receipt(state="failed", reason=in_words("in_doubt"))
    assert len(centre.taken) == (fate == "lost") + (in_doubt == "again")


async def test_of_a_long_text_only_what_was_lost_is_sent_again(centre: SmppCentre) -> None:
    centre.submits.extend([0, 0, "gone"])
    centre.holds_receipts = True
    async with Site(smpp_gateway(centre, window=1)) as site:
        began = now()
        with pytest.raises(GatewayFault):
            await site.gateway.send(message(text=LONG))
        receipt = await site.gateway.send(message(text=LONG), tried=began)
        assert receipt.state == "sent"
    assert centre.texts() == [LONG]
    assert len({taken["part"][1] for taken in centre.taken}) == len(centre.taken)


async def test_what_an_earlier_node_left_in_doubt_is_looked_for(centre: SmppCentre) -> None:
    centre.submits.append("lost")
    async with Site(smpp_gateway(centre)) as site:
        began = now()
        with pytest.raises(GatewayFault):
            await site.gateway.send(message())
    centre.cut()
    async with Site(smpp_gateway(centre)) as after:
        await after.gateway.send(message(), tried=began)
        await until(lambda: after.told.states == ["delivered"])
    assert len(centre.taken) == 1


async def test_what_an_earlier_node_sent_is_told_or_asked_for(centre: SmppCentre) -> None:
    centre.holds_receipts = True
    async with Site(smpp_gateway(centre)) as site:
        first = await site.gateway.send(message())
        second = await site.gateway.send(message("m2", LONG))
    after = smpp_gateway(centre)
    told = Told()
    await after.open(told, [first.reference, second.reference])
    centre.report(centre.taken[0])
    await until(lambda: told.states == ["delivered"])
    asked = await after.delivery(message("m2", LONG), second.reference)
    assert asked == Receipt(state="delivered", reference=second.reference)
    await after.close()


async def test_a_centre_without_query_sm_is_not_asked_again(centre: SmppCentre) -> None:
    centre.knows_query = False
    centre.holds_receipts = True
    async with Site(smpp_gateway(centre)) as site:
        receipt = await site.gateway.send(message())
        for _ in range(2):
            assert await site.gateway.delivery(message(), receipt.reference) == receipt


async def test_a_link_without_sign_of_life_is_made_anew(centre: SmppCentre) -> None:
    centre.answers_enquiries = False
    async with Site(smpp_gateway(centre, answer_s=0.1, enquire_s=0.1)):
        await until(lambda: len(centre.binds) >= 2)
        assert centre.enquiries >= 1


async def test_a_link_that_answers_no_submission_is_made_anew(centre: SmppCentre) -> None:
    centre.submits.append("mute")
    async with Site(smpp_gateway(centre, answer_s=0.05, enquire_s=0.05)) as site:
        began = now()
        with pytest.raises(GatewayFault):
            await site.gateway.send(message())
        await until(lambda: len(centre.binds) >= 2)
        await site.gateway.send(message(), tried=began)
        await until(lambda: site.told.states == ["delivered"])
    assert len(centre.taken) == 1


async def test_rubbish_ends_the_link_and_half_a_receipt_is_refused(centre: SmppCentre) -> None:
    async with Site(smpp_gateway(centre)) as site:
        await site.gateway.send(message())
        await until(lambda: len(centre.acknowledges) == 1)
        centre.acknowledges.clear()
        centre.write_in(b"\0\0\0\x14\0\0\0\x05\0\0\0\0\0\0\0\x09half")
        centre.write_in(b"\0\0\0\x10\0\0\x11\x11\0\0\0\0\0\0\0\x0a")
        await until(lambda: list(centre.acknowledges) == [0x65])
        centre.write_in(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await until(lambda: len(centre.binds) == 2)
        assert (await site.gateway.send(message("m2", "둘째"))).state == "sent"


class Letters:
    """Takes texts that come in."""

    def __init__(self) -> None:
        self.came: list[tuple[str, str, str, str]] = []
        self.away = False

    async def __call__(self, number: str, to: str, text: str, reference: str) -> None:
        if self.away:
            raise StoreFault("the database is away")
        self.came.append((number, to, text, reference))

    @property
    def texts(self) -> list[str]:
        return [text for _number, _to, text, _reference in self.came]


async def test_a_citizens_text_is_handed_on_in_every_coding(centre: SmppCentre) -> None:
    letters = Letters()
    async with Site(smpp_gateway(centre, letters)) as _:
        await until(lambda: bool(centre.bound))
        centre.text("821000001234", "감사합니다".encode("cp949"))
        centre.text(NUMBER, "네 😀".encode("utf-16-be"), coding=8)
        centre.text(NUMBER, b"ok", coding=0)
        centre.text(NUMBER, b"", message_payload="긴 글".encode("cp949"))
        centre.text(NUMBER, "뷁".encode()[:2])
        await until(lambda: len(letters.came) == 5)
    assert letters.came[0][:3] == (NUMBER, SENDER, "감사합니다")
    assert letters.texts[1:4] == ["네 😀", "ok", "긴 글"]
    assert len({reference for *_rest, reference in letters.came}) == 5


async def test_a_text_in_parts_is_handed_on_whole(centre: SmppCentre) -> None:
    letters = Letters()
    async with Site(smpp_gateway(centre, letters)) as _:
        await until(lambda: bool(centre.bound))
        for number in (2, 1):
            body = f"{number}번째 ".encode("cp949")
            centre.text(NUMBER, bytes((5, 0, 3, 7, 2, number)) + body, esm_class=0x40)
            tags = {"sar_msg_ref_num": b"\0\7", "sar_total_segments": b"\2", "sar_segment_seqnum": bytes((number,))}
            centre.text("01100001234", body, **tags)
        await until(lambda: len(letters.came) == 2)
    assert letters.texts == ["1번째 2번째 "] * 2


async def test_a_text_that_cannot_be_taken_now_comes_again(centre: SmppCentre) -> None:
    letters = Letters()
    letters.away = True
    async with Site(smpp_gateway(centre, letters)) as _:
        await until(lambda: bool(centre.bound))
        centre.text(NUMBER, "감사합니다".encode("cp949"))
        await until(lambda: list(centre.acknowledges) == [0x64])
        letters.away = False
        centre.cut()
        await until(lambda: letters.texts == ["감사합니다"])
        await until(lambda: list(centre.acknowledges) == [0x64, 0])


async def test_a_bug_with_one_text_is_told_without_its_words_and_the_next_is_taken(
    centre: SmppCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters, logged = Letters(), list[tuple[str, dict[str, str]]]()
    monkeypatch.setattr(smpp_incoming, "log", SimpleNamespace(error=lambda what, **more: logged.append((what, more))))
    bugs = metrics.SMPP_TEXTS.labels(result="bug")._value

    async def taker(number: str, to: str, text: str, reference: str) -> None:
        if text == "secret":
            raise KeyError(text)
        await letters(number, to, text, reference)

    before = bugs.get()
    async with Site(smpp_gateway(centre, taker)) as site:
        await until(lambda: bool(centre.bound))
        centre.text(NUMBER, b"secret")
        await until(lambda: list(centre.acknowledges) == [0x64])
        centre.text(NUMBER, b"hello")
        await until(lambda: letters.texts == ["hello"])
        assert (await site.gateway.send(message())).state == "sent"
    assert bugs.get() == before + 1
    assert [(what, more["error"]) for what, more in logged] == [("smpp.text_bug", "KeyError")]
    assert "secret" not in str(logged)


async def test_without_a_taker_texts_are_refused_for_good(centre: SmppCentre) -> None:
    async with Site(smpp_gateway(centre)) as _:
        await until(lambda: bool(centre.bound))
        centre.text(NUMBER, b"hello")
        await until(lambda: list(centre.acknowledges) == [0x65])


async def test_the_same_text_after_a_break_has_the_same_id(centre: SmppCentre) -> None:
    letters = Letters()
    async with Site(smpp_gateway(centre, letters)) as _:
        await until(lambda: bool(centre.bound))
        for _time in range(2):
            centre.text(NUMBER, b"yes")
        await until(lambda: len(letters.came) == 2)
        centre.cut()
        await until(lambda: bool(centre.bound))
        centre.text(NUMBER, b"yes")
        await until(lambda: len(letters.came) == 3)
    first, second, again = (reference for *_rest, reference in letters.came)
    assert first != second, "she wrote it twice"
    assert again == second, "the centre delivered it again"


async def test_a_closed_gateway_sends_nothing(centre: SmppCentre) -> None:
    site = Site(SmppGateway(settings(centre.port), TERMS))
    with pytest.raises(NotSent):
        await site.gateway.send(message())
    async with site:
        pass
    with pytest.raises(NotSent):
        await site.gateway.send(message())


async def test_what_is_in_doubt_waits_while_a_backlog_of_receipts_is_worked_off(centre: SmppCentre) -> None:
    """A centre that brings one receipt at a time, the oldest first, and more than ``settle_s`` later."""
    centre.holds_receipts = True
    async with Site(smpp_gateway(centre, settle_s=0.2)) as site:
        for number in range(4):
            await site.gateway.send(message(f"m{number}", f"안내 {number}"))
        centre.submits.append("lost")
        began = now()
        with pytest.raises(GatewayFault):
            await site.gateway.send(message("m4", "안내 4"))
        again = asyncio.create_task(site.gateway.send(message("m4", "안내 4"), tried=began))
        await until(lambda: len(centre.binds) == 2)
        for taken in list(centre.taken):
            await asyncio.sleep(0.1)
            centre.report(taken)
        assert (await again).reference == centre.taken[-1]["id"]
        await until(lambda: site.told.states == ["delivered"] * 5)
    assert len(centre.taken) == 5


async def test_a_receipt_of_a_finished_message_does_not_cost_one_in_doubt_its_own(centre: SmppCentre) -> None:
    """The node before was killed when the receipt was kept and not acknowledged; a centre brings one at a time."""
    centre.submits.append("lost")
    async with Site(smpp_gateway(centre)) as site:
        began = now()
        with pytest.raises(GatewayFault):
            await site.gateway.send(message())
    (mine,) = centre.taken
    centre.drop_receipts()
    stranger = mine | {"id": "00ff", "to": "01099999999", "reference": 7}
    centre.report(stranger)  # waits for the bind
    centre.acknowledges.clear()
    async with Site(smpp_gateway(centre, settle_s=0.15)) as after:
        again = asyncio.create_task(after.gateway.send(message(), tried=began))
        await until(lambda: list(centre.acknowledges) == [0])
        await asyncio.sleep(0.1)
        centre.report(mine)
        assert (await again).reference == mine["id"]
    assert len(centre.taken) == 1
