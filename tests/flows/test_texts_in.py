"""What people write, from the gateway's webhook to the record: through the real port, the real picture worker, the real
journal and database, over a restart."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import msgspec
import pytest

from agent_assist.desk_texts import TextToSend
from core import metrics
from core.agent import Agent
from core.config import AgentConfig, AssistConfig, Config, InboxConfig, NodeConfig, SttConfig, TextsConfig, WebConfig
from core.errors import Refused, StoreFault
from core.events import (
    CallEnded,
    CallStarted,
    ContactAssigned,
    ContactClosed,
    ContactOpened,
    Event,
    MessageSent,
    Party,
    RatingGiven,
    RecordDrafted,
    RecordKept,
    TextPurpose,
    TextReceived,
    Written,
)
from core.home import Home
from core.record_forms import KeepRecord
from core.store.audit import AuditQuery
from core.store.messages import MessageRecord
from core.webhook_signature import signed
from server.app import Node
from server.signing_in.passwords import hash_password
from tests.core.pictures.pictures import encoded, exif, halves
from tests.fakes.bridge import ScriptedBridge
from tests.fakes.quiet_node import hush
from tests.patience import until

pytestmark = pytest.mark.slow

SECRET = "whsec_" + base64.b64encode(b"a secret of this test").decode()
KEY = b"a secret of this test"
PASSWORD = "hanbit-2107-desk"
CITIZEN = "010-0000-1234"
NUMBER = "01000001234"
KIM = Agent(id="kim", name="김하늘")
LEE = Agent(id="lee", name="이바다", roles=("agent", "supervisor"))
ALWAYS = InboxConfig(secret=SECRET, opens="00:00", closes="00:00", days="1234567")


@pytest.fixture
def config(monkeypatch: pytest.MonkeyPatch) -> Config:
    hush(monkeypatch)
    return Config(
        node=NodeConfig(grace_s=0.1),
        web=WebConfig(port=0, centre="한빛시 민원콜센터"),
        stt=SttConfig(workers=1),
        assist=AssistConfig(wrap_up_s=0),
        texts=TextsConfig(undo_s=0.0, quiet_from="00:00", quiet_until="00:00"),
        inbox=ALWAYS,
        agents=(
            AgentConfig(id="kim", name="김하늘", uri="sip:kim"),
            AgentConfig(id="lee", name="이바다", roles=("agent", "supervisor"), password_hash=hash_password(PASSWORD)),
        ),
    )


class Site:
    """A node and a gateway that delivers to it."""

    def __init__(self, node: Node, gateway: aiohttp.ClientSession) -> None:
        self.node = node
        self.gateway = gateway

    async def post(self, body: bytes, headers: Mapping[str, str], name: str = "minwon") -> tuple[int, Any]:
        async with self.gateway.post(
            f"{self.node.desk_url}hooks/texts/{name}", data=io.BytesIO(body), headers=headers
        ) as answer:
            content = await answer.read()
            return answer.status, msgspec.json.decode(content) if content else None

    async def write(
        self, text: str, webhook_id: str, *, sender: str = CITIZEN, at: datetime | None = None, **more: Any
    ) -> tuple[int, Any]:
        body = msgspec.json.encode({"from": sender, "to": "0331200120", "text": text, **more})
        return await self.post(body, signed(KEY, webhook_id, at or datetime.now(UTC), body))

    @property
    def open(self) -> list[str]:
        return [contact.contact_id for contact in self.node.written.contacts.open]

    async def events(self, contact_id: str) -> list[Event]:
        await self.node.recorder.flush(5.0)
        return await self.node.store.events(contact_id)


def run(config: Config, home: Home, story: Callable[[Site], Any]) -> Any:
    """The story on a node of its own."""

    async def go() -> Any:
        async with Node(config, home, bridge=ScriptedBridge()) as node, aiohttp.ClientSession() as gateway:
            return await story(Site(node, gateway))

    return go()


def counted(gateway: str, result: str) -> float:
    return metrics.TEXTS_IN.labels(gateway=gateway, result=result)._value.get()


async def test_from_webhook_to_record(config: Config, home: Home) -> None:
    async def story(site: Site) -> None:
        node = site.node
        picture = base64.b64encode(encoded(halves(4000, 3000), exif=exif())).decode()
        fake = base64.b64encode(b"<script>alert(1)</script>").decode()
        status, taken = await site.write(
            "주민번호 900101-1234567 인데요 가로등이 안 켜져요",
            "m-1",
            pictures=[{"type": "image/jpeg", "data": picture}, {"type": "image/png", "data": fake}],
        )
        assert (status, taken["again"]) == (200, False)
        (contact_id,) = site.open
        received = next(event for event in await site.events(contact_id) if isinstance(event, TextReceived))
        assert received.text_id == taken["text_id"]
        assert "1234567" not in received.text and "가로등" in received.text
        assert len(received.photos) == 1 and received.refused == ("photo_wrong_type",)
        kept = await node.house.photo(received.photos[0], preview=True)
        assert kept is not None and kept.stat().st_size < 100_000

        # Nobody is there: it waits. Kim is ready: it is hers; a call would still find her ready.
        assert node.written.contacts.standing(contact_id).state == "waiting"  # type: ignore[union-attr]
        await node.dispatcher.wish("kim", "ready")
        await until(lambda: node.written.contacts.held(contact_id, "kim") is not None)
        assert node.dispatcher.roster.agent("kim").state == "ready"
        file = await node.house.written_file(contact_id, KIM)
        assert file is not None and file.may_answer and [one.by for one in file.said] == ["them"]

        # She answers: once, although the key bounced. Who does not have it cannot.
        answer = TextToSend(text="확인하겠습니다", key="k" * 16)
        await node.house.send_text(contact_id, "kim", answer)
        await node.house.send_text(contact_id, "kim", answer)
        with pytest.raises(Refused):
            await node.house.send_text(contact_id, "lee", TextToSend(text="저도요", key="l" * 16))
        await until(lambda: node.written.contacts.standing(contact_id).state == "answered")  # type: ignore[union-attr]
        sent = [event for event in await site.events(contact_id) if isinstance(event, MessageSent)]
        assert {event.message_id for event in sent} == {sent[0].message_id}
        assert sent[0].to == NUMBER

        await node.house.written_close(contact_id, "kim", "answered")
        events = await site.events(contact_id)
        kinds = [type(event) for event in events]
        assert kinds[0] is ContactOpened
        assert kinds.index(RecordDrafted) < kinds.index(ContactClosed)
        closed = next(event for event in events if isinstance(event, ContactClosed))
        assert (closed.reason, closed.agent_id) == ("answered", "kim") and closed.wait_s > 0
        drafted = next(event for event in events if isinstance(event, RecordDrafted))
        assert "가로등" in drafted.draft.need
        # Its record lies before her; she confirms it, and nobody was asked twice.
        form = await node.house.record_form(contact_id, KIM)
        assert (form.record.state, form.record.version, form.record.agent_id) == ("draft", 0, "kim")
        await node.house.record_later(contact_id, KIM)
        assert await node.house.records_waiting(KIM) == 1
        form = await node.house.record_form(contact_id, KIM)
        assert form.record.state == "unasked" and "가로등" in form.record.written.need
        written = form.record.written
        await node.house.keep_record(
            contact_id, KIM, KeepRecord(based_on=form.record.version, **msgspec.structs.asdict(written))
        )
        assert await node.house.records_waiting(KIM) == 0
        told = [event for event in await site.events(contact_id) if isinstance(event, RecordKept)]
        assert [(event.by, event.unasked) for event in told] == [("minwon", True), ("kim", False)]

        # Her reading is in the log once, however often the desk asked again; who has no part in it reads nothing.
        lee = Agent(id="lee", name="이바다")
        other = await node.house.written_file(contact_id, lee)
        assert other is not None and not other.may_read and not other.said and not other.events
        await node.house.written_file(contact_id, KIM)
        notes = [line.note for line in await node.store.audit.lines(AuditQuery(subject=contact_id, thing="text"))]
        key = node.person_keys.key(NUMBER)
        assert [(note.who, note.deed, note.person) for note in notes] == [("kim", "saw", key)]
        assert [call.call_id for call in await node.store.calls()] == []
        page = await node.house.written_closed(KIM, limit=5, before=None, mine=True)
        assert [written.contact_id for written in page.written] == [contact_id]

    await run(config, home, story)


async def test_forged_replayed_malformed_and_oversized_are_refused_and_counted(config: Config, home: Home) -> None:
    async def story(site: Site) -> None:
        before = {code: counted("minwon", code) for code in ("signature", "clock", "malformed", "too_large", "again")}
        body = msgspec.json.encode({"from": CITIZEN, "text": "여보세요"})
        good = signed(KEY, "m-1", datetime.now(UTC), body)
        assert (await site.post(body, {}))[0] == 401
        assert (await site.post(body, signed(b"another", "m-1", datetime.now(UTC), body)))[0] == 401
        assert (await site.post(body + b" ", good))[0] == 401
        assert (await site.post(body, {**good, "webhook-id": "m-2"}))[0] == 401
        status, fault = await site.write("늦게 왔다", "m-3", at=datetime.now(UTC) - timedelta(minutes=6))
        assert (status, fault["code"]) == (401, "clock")
        for broken in (
            b"",
            b"{",
            b"[]",
            b'{"text": "no sender"}',
            b'{"from": 1}',
            b"\xff\xfe",
            b'{"from": "1", "x": 1}',
        ):
            assert (await site.post(broken, signed(KEY, "m-4", datetime.now(UTC), broken)))[0] == 400
        status, fault = await site.write("", "m-5")
        assert (status, fault["code"]) == (400, "no_words")
        assert (await site.write("가" * 5001, "m-6"))[0] == 413
        huge = b"x" * (25 << 20)
        with suppress(aiohttp.ClientError):  # it may be told while it is still sending, and its line closed
            assert (await site.post(huge, signed(KEY, "m-7", datetime.now(UTC), huge)))[0] == 413
        assert (await site.post(body, good, "nobody"))[0] == 404
        assert site.open == []

        assert await site.post(body, good) == (
            200,
            {"text_id": (await site.post(body, good))[1]["text_id"], "again": False},
        )
        assert (await site.post(body, good))[1]["again"] is True
        assert len(site.open) == 1
        status, fault = await site.write("같은 번호의 다른 글", "m-1")
        assert (status, fault["code"]) == (400, "id_reused")
        for code in before:
            assert counted("minwon", code) > before[code], code

    await run(config, home, story)


async def test_a_twelve_megabyte_picture_is_refused_in_words_and_its_text_is_kept(config: Config, home: Home) -> None:
    async def story(site: Site) -> None:
        large = base64.b64encode(encoded(halves()) + bytes(12 << 20)).decode()
        status, _ = await site.write("사진입니다", "m-1", pictures=[{"type": "image/jpeg", "data": large}])
        assert status == 200
        received = next(e for e in await site.events(site.open[0]) if isinstance(e, TextReceived))
        assert (received.text, received.photos, received.refused) == ("사진입니다", (), ("photo_too_large",))

    await run(config, home, story)


async def test_a_number_is_a_rating_only_as_the_answer_to_a_text_that_asks_for_one(config: Config, home: Home) -> None:
    """It is known by its purpose, whatever its words; too long ago, or with an agent's text since, it is none."""

    async def story(site: Site) -> None:
        node = site.node
        started = CallStarted(call_id="c1", seq=1, caller=Party(number=NUMBER))
        await node.store.append([started, CallEnded(call_id="c1", seq=2, reason="caller_hung_up")])

        async def text(message_id: str, hours: float, *, purpose: TextPurpose = "", by: str = "rule:r") -> None:
            at = datetime.now(UTC) - timedelta(hours=hours)
            record = MessageRecord(
                message_id=message_id, to=NUMBER, text="1~5로 만족을 평가해 주세요", state="delivered", call_id="c1",
                by=by, purpose=purpose, at=at,
            )  # fmt: skip
            await node.store.put_message(record)

        async def rated() -> list[int]:
            return [event.score for event in await site.events("c1") if isinstance(event, RatingGiven)]

        await text("r1", 20, purpose="")
        await site.write("1", "m-1")
        assert await rated() == []
        await text("r2", 100, purpose="rating")
        await site.write("2", "m-2")
        assert await rated() == [], "three days are the limit"
        await text("r3", 10, purpose="rating")
        await text("r4", 9)  # a rule's, about something else
        await site.write("3", "m-3")
        assert await rated() == [3]
        await text("r5", 1, by="kim")
        await site.write("4", "m-4")
        assert await rated() == [3], "that answers what an agent has written"

    await run(config, home, story)


async def test_an_answer_that_does_not_arrive_is_owed_again(config: Config, home: Home) -> None:
    async def story(site: Site) -> None:
        node = site.node
        await site.write("언제 오나요", "m-1")
        (contact_id,) = site.open
        await node.house.written_take(contact_id, "kim")
        taken = await node.house.send_text(contact_id, "kim", TextToSend(text="내일 갑니다", key="k" * 16))

        def now() -> Written:
            found = node.written.contacts.standing(contact_id)
            assert found is not None
            return found

        await until(lambda: now().state == "answered")
        failed = MessageSent(message_id=taken.message_id, to=NUMBER, text="내일 갑니다", state="failed", by="kim")
        assert await node.lines.say(contact_id, failed)
        assert (now().state, now().undelivered, now().agent_id) == ("assigned", True, "kim")
        assert now().owed_since is not None and node.written.deadlines.moments(now())[0] is not None
        await node.house.send_text(contact_id, "kim", TextToSend(text="내일 갑니다!", key="l" * 16))
        await until(lambda: now().state == "answered")
        assert (now().owed_since, now().undelivered) == (None, False)

    await run(config, home, story)


async def test_a_threat_in_writing_reaches_supervisors_and_the_wall(
    config: Config, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(site: Site) -> None:
        node = site.node
        monkeypatch.setattr(node.pools, "all", dict)  # nobody recognises speech here
        await site.write("지금 찾아가서 죽여버리겠다", "m-1")
        (contact_id,) = site.open
        await until(lambda: bool(node.house.alerts()))
        (alert,) = node.house.alerts()
        assert (alert.call_id, alert.kind) == (contact_id, "threat")
        origin = node.desk_url.rstrip("/")
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as boss:
            form = {"id": "lee", "password": PASSWORD, "next": "/desk"}
            async with boss.post(f"{origin}/signin", data=form, headers={"Origin": origin}) as answer:
                assert answer.status < 400
            async with boss.ws_connect(f"{origin}/wall/ws", headers={"Origin": origin}) as wall:
                picture = (await wall.receive_json(timeout=10))["picture"]
        (row,) = picture["alerts"].values()
        assert (row["kind"], row["call"]) == ("threat", contact_id)
        assert picture["written"][contact_id]["alert_at"]

    await run(config, home, story)


async def test_a_reply_joins_its_person_and_the_call_that_it_answers(config: Config, home: Home) -> None:
    async def story(site: Site) -> None:
        node = site.node
        started = CallStarted(call_id="c1", seq=1, caller=Party(number=NUMBER))
        await node.store.append([started, CallEnded(call_id="c1", seq=2, reason="caller_hung_up")])
        await node.store.put_message(
            MessageRecord(
                message_id="r1", to=NUMBER, text="상담에 만족하셨나요? 1~5로 답해 주세요", state="delivered",
                call_id="c1", by="rule:thanks", purpose="rating", at=datetime.now(UTC) - timedelta(hours=2),
            )
        )  # fmt: skip
        await site.write("5점", "m-1")
        assert site.open == []  # nothing is to be answered
        rated = [event for event in await site.events("c1") if isinstance(event, RatingGiven)]
        assert [(event.score, event.way) for event in rated] == [(5, "text")]

        await site.write("그런데 하나 더 여쭤볼게요", "m-2")
        await site.write("주차 과태료는 어디서 내나요", "m-3")
        (contact_id,) = site.open
        now = node.written.contacts.standing(contact_id)
        assert now is not None and (now.reply_to, now.texts) == ("c1", 2)
        file = await node.house.written_file(contact_id, LEE)
        assert file is not None and file.reply_to is not None
        assert [one.text for one in file.said] == [
            "상담에 만족하셨나요? 1~5로 답해 주세요", "5점", "그런데 하나 더 여쭤볼게요", "주차 과태료는 어디서 내나요",
        ]  # fmt: skip
        await site.write("저는 다른 사람이에요", "m-4", sender="010-0000-9999")
        assert len(site.open) == 2

    await run(config, home, story)


async def test_stop_goes_to_the_opt_outs(config: Config, home: Home) -> None:
    async def story(site: Site) -> None:
        assert (await site.write("수신거부", "m-1"))[0] == 200
        assert await site.node.texts.opt_outs.has(NUMBER)
        assert site.open == []

    await run(config, home, story)


async def test_outside_of_office_hours_one_answer_a_day_says_when_we_are_back(config: Config, home: Home) -> None:
    closed = msgspec.structs.replace(ALWAYS, opens="09:00", closes="18:00", days="12345")
    config = msgspec.structs.replace(config, inbox=closed)
    saturday = datetime(2026, 11, 28, 12, 0).astimezone()

    async def story(site: Site) -> None:
        await site.write("지금 문 여나요", "m-1")
        await site.write("급해요", "m-2")
        (contact_id,) = site.open
        await until(lambda: len(outbox(site)) == 1)
        assert outbox(site)[0].text.startswith(
            "[한빛시 민원콜센터] 지금은 상담 시간이 아닙니다. 11월 30일(월) 09:00부터"
        )
        now = site.node.written.contacts.standing(contact_id)
        assert now is not None and now.state == "waiting" and now.owed_since is not None

    def outbox(site: Site) -> list[Any]:
        return [m for m in site.node.parts.gateway.messages if m.to == NUMBER]  # type: ignore[attr-defined]

    async def twice() -> None:
        for _ in range(2):
            async with (
                Node(config, home, bridge=ScriptedBridge(), clock=lambda: saturday) as node,
                aiohttp.ClientSession() as gateway,
            ):
                site = Site(node, gateway)
                if not site.open:
                    await story(site)
                else:  # the restarted node says nothing again
                    await node.written.clock.look()
                    await site.write("아직이요?", "m-3")
                    assert outbox(site) == []

    await twice()


async def test_a_restart_loses_nothing_and_answers_nothing_twice(config: Config, home: Home) -> None:
    async def before(site: Site) -> str:
        await site.write("첫 글", "m-1")
        await site.node.dispatcher.wish("kim", "ready")
        await until(lambda: site.node.written.contacts.held(site.open[0], "kim") is not None)
        await site.node.house.send_text(site.open[0], "kim", TextToSend(text="네, 말씀하세요", key="k" * 16))
        await until(lambda: site.node.written.contacts.standing(site.open[0]).state == "answered")  # type: ignore[union-attr]
        return site.open[0]

    contact_id: str = await run(config, home, before)

    async def after(site: Site) -> None:
        now = site.node.written.contacts.standing(contact_id)
        assert now is not None and (now.state, now.agent_id, now.texts) == ("answered", "kim", 1)
        assert (await site.write("첫 글", "m-1"))[1]["again"] is True
        assert site.node.parts.gateway.messages == ()  # type: ignore[attr-defined]
        await site.write("둘째 글", "m-2")
        assert site.open == [contact_id]
        assert site.node.written.contacts.standing(contact_id).state == "assigned"  # type: ignore[union-attr]
        numbers = [event.seq for event in await site.events(contact_id)]
        assert numbers == sorted(set(numbers))

    await run(config, home, after)


async def test_what_cannot_be_kept_is_not_taken(config: Config, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(site: Site) -> None:
        full = True
        journal = site.node.recorder._journal
        keep = journal.keep

        def refuse(event: Event) -> None:
            if full:
                raise StoreFault("the disk is full")
            keep(event)

        monkeypatch.setattr(journal, "keep", refuse)
        status, fault = await site.write("사라지면 안 되는 글", "m-1")
        assert (status, fault["code"]) == (503, "store")
        assert site.open == []
        full = False
        assert await site.write("사라지면 안 되는 글", "m-1") is not None
        assert len(site.open) == 1

    await run(config, home, story)


async def test_the_same_webhook_from_two_lines_at_once_is_one_text(config: Config, home: Home) -> None:
    async def story(site: Site) -> None:
        picture = base64.b64encode(encoded(halves(2000, 1500))).decode()
        pictures = [{"type": "image/jpeg", "data": picture}]
        answers = await asyncio.gather(*(site.write("동시에", "m-1", pictures=pictures) for _ in range(4)))
        assert [status for status, _ in answers] == [200] * 4
        assert sorted(taken["again"] for _, taken in answers) == [False, True, True, True]
        assert len([e for e in await site.events(site.open[0]) if isinstance(e, TextReceived)]) == 1

    await run(config, home, story)


async def test_taken_over_handed_on_and_given_back(config: Config, home: Home) -> None:
    async def story(site: Site) -> None:
        node = site.node
        await site.write("누가 받나요", "m-1")
        (contact_id,) = site.open
        await node.house.written_take(contact_id, "lee")
        await node.dispatcher.wish("kim", "ready")
        await node.house.written_hand(contact_id, "lee", "kim")
        with pytest.raises(Refused):
            await node.house.written_hand(contact_id, "lee", "kim")
        await node.house.written_back(contact_id, "kim")
        await node.written.clock.look()
        now = node.written.contacts.standing(contact_id)
        assert now is not None and now.state == "waiting", "it is not given to the same one again"
        assigned = [e for e in await site.events(contact_id) if isinstance(e, ContactAssigned)]
        assert [(e.agent_id, e.by, e.reason) for e in assigned] == [
            ("lee", "lee", "taken"), ("kim", "lee", "handed"), ("", "kim", "given_back"),
        ]  # fmt: skip
        for _ in range(2):  # her desk asks again with every change: that is in the log once
            waiting = await node.house.written_open(KIM, address="10.0.0.7")
            assert [w.written.contact_id for w in waiting.written] == [contact_id]
        notes = [line.note for line in await node.store.audit.lines(AuditQuery(who="kim", thing="text"))]
        looked = [(note.deed, note.address) for note in notes if note.detail == "open threads"]
        assert looked == [("saw", "10.0.0.7")]

    await run(config, home, story)
