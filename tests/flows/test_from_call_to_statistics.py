"""One call, followed from its first ring to its line in the statistics by those who work with it: the agent at her
desk, the supervisor at the wall and in the office, in real Chromium.

Nothing is faked but the carrier's message centre: the telephones speak SIP and RTP, the caller's words are recognised,
the recording is made, sealed and played, the record is confirmed by one key, and the figures are counted from it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Browser, Page, expect

from core.audit import Note
from core.config import (
    AgentConfig,
    AssistConfig,
    Config,
    NodeConfig,
    RecordingConfig,
    SipConfig,
    SmppConfig,
    SmsConfig,
    SttConfig,
    TextsConfig,
    WebConfig,
)
from core.home import open_home
from core.store.audit import BEGINNING, chained
from core.store.texting import TextTemplate
from server.app import Node
from server.knowledge import sample_entries
from telephony.softphone import Answering, PhoneCall, Softphone
from tests.browser.conftest import chromium
from tests.fakes.smpp_centre import PASSWORD as CENTRE_PASSWORD
from tests.fakes.smpp_centre import SENDER, SYSTEM_ID, SmppCentre
from tests.flows.conftest import PASSWORD, SpokenFile

__all__ = ["chromium"]

pytestmark = [pytest.mark.browser, pytest.mark.sip, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

CALLER: Final = "01000007731"
SAYS: Final = "대형 폐기물 스티커는 어디에서 사나요"
CATEGORY: Final = "환경·청소>대형 폐기물"
DEPARTMENT: Final = "자원순환과"
TEMPLATE: Final = "가까운 주민센터에서도 살 수 있습니다."
BY_HAND: Final = " 평일 9시부터 18시까지입니다."
UNDO_S: Final = 1.0
WITHIN_MS: Final = 30_000
"""Generous: the machine may run other tests."""
NEVER_S: Final = 600.0
"""A wrap-up that the clock does not end in this test: her key must."""
FIGURES: Final = ("offered", "answered", "abandoned", "texts")


def a_config(home: Path, agent_uri: str, password_hash: str, centre: SmppCentre) -> Config:
    return Config(
        node=NodeConfig(home=str(home), grace_s=0.5),
        web=WebConfig(port=0),
        sip=SipConfig(port=0, rtp_port=0, workers=1),
        stt=SttConfig(workers=1),
        assist=AssistConfig(wrap_up_s=NEVER_S),
        recording=RecordingConfig(start="always", notice=False, floor_mb=50),
        sms=SmsConfig(gateway="smpp", sender=SENDER),
        smpp=SmppConfig(host="127.0.0.1", port=centre.port, system_id=SYSTEM_ID, password=CENTRE_PASSWORD),
        texts=TextsConfig(undo_s=UNDO_S, quiet_from="00:00", quiet_until="00:00"),
        agents=(
            AgentConfig(
                id="kim", name="김하늘", extension="2107", uri=agent_uri, password_hash=password_hash, starts="ready"
            ),
            AgentConfig(
                id="boss",
                name="최책임",
                extension="2000",
                password_hash=password_hash,
                roles=("supervisor", "admin"),
            ),
        ),
    )


@asynccontextmanager
async def signed_in(chromium: Browser, node: Node, who: str) -> AsyncIterator[Page]:
    """Somebody at her own browser. Whatever it complains about fails the test."""
    context = await chromium.new_context(
        viewport={"width": 1440, "height": 900}, locale="ko-KR", timezone_id="Asia/Seoul", base_url=node.desk_url
    )
    context.set_default_timeout(WITHIN_MS)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    await page.goto("/signin")
    await page.locator("input[name=id]").fill(who)
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/desk*")
    yield page
    await context.close()
    assert not complaints


async def test_one_call_from_its_ring_to_its_line_in_the_statistics(
    chromium: Browser, tmp_path: Path, password_hash: str, spoken_file: SpokenFile
) -> None:
    async with (
        SmppCentre() as centre,
        Softphone(user="2107", lines=1, answering=Answering(after_ms=1500)) as telephone,
        Softphone(user="caller") as outside,
        Node(a_config(tmp_path, telephone.uri, password_hash, centre), open_home(tmp_path)) as node,
    ):
        centre.holds_receipts = True
        await node.store.put_entries(sample_entries())
        await node.knowing.reload()
        now = datetime.now(UTC)
        await node.store.texting.put_template(TextTemplate(template_id="near", title="주민센터", text=TEMPLATE, at=now))
        async with signed_in(chromium, node, "kim") as desk, signed_in(chromium, node, "boss") as office:
            await expect(desk.locator(".state .on")).to_contain_text("대기")
            await office.goto("/wall")
            await expect(office.locator("main").get_by_text("김하늘")).to_be_visible()  # it is there, and hears keys
            await office.keyboard.press("3")  # its calls
            before = await figures(office)
            call = await outside.dial(f"sip:120@{node.sip_addresses[0]}", from_uri=f"<sip:{CALLER}@{outside.address}>")
            call_id = await she_answers_and_reads_along(desk, office, node, call, spoken_file(SAYS))
            await she_sends_a_text(desk, centre)
            await call.hang_up()
            await one_key_ends_her_wrap_up(desk, node, call_id)
            await the_record_is_found_and_read(office, call_id)
            await the_recording_is_heard(office)
            await the_call_is_counted(office, before, call_id)
        await all_of_it_was_noted(node, call_id)


async def she_answers_and_reads_along(desk: Page, wall: Page, node: Node, call: PhoneCall, voice: Path) -> str:
    """It rings on her desk, words appear on it and on the wall, a card comes."""
    await expect(desk.locator(".state .on")).to_contain_text("벨 울림", timeout=WITHIN_MS)
    await expect(desk.locator(".state .on")).to_contain_text("통화", timeout=WITHIN_MS)
    await call.say(voice)
    await expect(desk.locator(".said").first).to_contain_text("폐기물", timeout=WITHIN_MS)
    await expect(desk.locator(".card.open")).to_contain_text("폐기물", timeout=WITHIN_MS)
    row = wall.locator("table.calls tbody tr")
    await expect(row).to_contain_text("김하늘", timeout=WITHIN_MS)
    await expect(row).to_contain_text("폐기물", timeout=WITHIN_MS)
    return node.dispatcher.roster.agent("kim").call_id


async def she_sends_a_text(desk: Page, centre: SmppCentre) -> None:
    """The card as a text, a template instead of its words, a sentence of her own; until it has arrived."""
    text = desk.get_by_role("textbox", name="문자 내용")
    await desk.keyboard.press("F2")
    await expect(text).to_have_value(re.compile(DEPARTMENT))
    await desk.keyboard.press("F2")
    await expect(desk.locator(".templates li")).to_contain_text("주민센터")
    await desk.keyboard.press("1")
    await expect(text).to_have_value(TEMPLATE)
    await expect(text).to_be_focused()
    await text.press_sequentially(BY_HAND)
    await expect(desk.locator(".panel .main")).to_be_enabled()
    await desk.keyboard.press("Enter")
    sent = desk.locator(".texts")
    await expect(sent).to_contain_text("곧 보냄")
    await expect(sent).to_contain_text("보냄", timeout=WITHIN_MS)
    await expect(sent).not_to_contain_text("곧 보냄", timeout=WITHIN_MS)
    assert centre.texts(CALLER) == [TEMPLATE + BY_HAND]
    centre.report_all()
    await expect(sent).to_contain_text("도착", timeout=WITHIN_MS)


async def one_key_ends_her_wrap_up(desk: Page, node: Node, call_id: str) -> None:
    """The record is there by itself, drafted; Enter confirms it, and she is ready."""
    panel = desk.locator(".panel")
    await expect(panel.locator("h2")).to_have_text("상담 기록", timeout=WITHIN_MS)
    await expect(panel.locator("[data-choice=category].on")).to_contain_text("대형 폐기물", timeout=WITHIN_MS)
    await expect(panel.locator("input[name=department]")).to_have_value(DEPARTMENT)
    await expect(panel.locator("textarea[name=need]")).to_have_value(re.compile("폐기물"))
    await desk.keyboard.press("Enter")
    await expect(panel).to_have_count(0)
    await expect(desk.locator(".state .on")).to_contain_text("대기")
    record = await node.store.contacts.record(call_id)
    assert record is not None
    assert (record.state, record.by, record.written.category) == ("confirmed", "kim", CATEGORY)


async def the_record_is_found_and_read(office: Page, call_id: str) -> None:
    """By a part of a word that was said, and by the last digits of the number."""
    await office.goto("/records#/contacts")
    box = office.locator("input[type=search]")
    for wanted in ("티커", CALLER[-4:]):
        await box.fill(wanted)
        await expect(office.locator(f'a[href="#/contacts/{call_id}"]')).to_have_count(1)
    await office.locator(f'a[href="#/contacts/{call_id}"]').click()
    record = office.locator(".record-box")
    await expect(record).to_contain_text("대형 폐기물")
    await expect(record).to_contain_text(DEPARTMENT)
    course = office.locator(".contact-rest")
    await expect(course).to_contain_text("010-0000-7731")
    await expect(course).to_contain_text(TEMPLATE + BY_HAND)
    await expect(course.locator(".of-text-delivered")).to_have_count(1)
    await expect(office.locator(".said-lines")).to_contain_text("스티커")


async def the_recording_is_heard(office: Page) -> None:
    """It plays; a click on a word plays that word."""
    words = office.locator(".player .said [data-at]:not(button)")
    await expect(words.first).to_be_visible()
    await office.locator(".player-play").click()
    await plays(office, beyond_s=1)
    last = words.last
    start = float(await last.get_attribute("data-at") or 0)
    assert start > 1
    await office.keyboard.press("Space")
    await expect(office.locator(".player-play")).to_have_attribute("aria-pressed", "false")
    await last.click()
    await plays(office, beyond_s=start)
    await expect(office.locator(".player .said .now").first).to_be_visible()
    await expect(office.locator(".player-trouble")).to_have_text("")


async def plays(office: Page, *, beyond_s: float) -> None:
    """Until the player is there."""
    place = office.locator(".wave canvas")
    async with asyncio.timeout(WITHIN_MS / 1000):
        while float(await place.get_attribute("aria-valuenow") or 0) < int(beyond_s):  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def figures(office: Page, **where: str) -> list[int]:
    """This day's, as the supervisor's pages ask for them."""
    told = await asked(office, "query", measures=",".join(FIGURES), **where)
    return [figure["numerator"] for figure in told["lines"][0]["figures"]] if told["lines"] else [0] * len(FIGURES)


async def asked(office: Page, path: str, **query: str) -> Any:
    """An answer of the statistics."""
    answer = await office.request.get(f"/records/api/statistics/{path}", params={**query})
    assert answer.ok, await answer.text()
    return await answer.json()


async def the_call_is_counted(office: Page, before: list[int], call_id: str) -> None:
    """One more offered, answered, with a text: of this category and department, and behind the figure is this call."""
    assert before == [0, 0, 0, 0]
    here = {"category": CATEGORY, "department": DEPARTMENT}
    async with asyncio.timeout(WITHIN_MS / 1000):
        while await figures(office, **here) != [1, 1, 0, 1]:  # noqa: ASYNC110  # counted within a second or two
            await asyncio.sleep(0.2)
    assert await figures(office) == [1, 1, 0, 1]
    behind = await asked(office, "contacts", measure="answered", **here)
    assert [contact["contact_id"] for contact in behind["contacts"]] == [call_id]


async def all_of_it_was_noted(node: Node, call_id: str) -> None:
    """Who saw, heard and changed it is in the audit log, whose chain holds."""
    lines = await node.store.audit.walk()
    before = BEGINNING
    for line in lines:
        assert line.chain == chained(before, line.number, line.at, line.note)
        before = line.chain
    notes = [line.note for line in lines]

    def noted(who: str, deed: str, thing: str) -> list[Note]:
        return [note for note in notes if (note.who, note.deed, note.thing) == (who, deed, thing)]

    assert noted("kim", "signed_in", "session")
    assert call_id in {note.subject for note in noted("kim", "changed", "record")}
    assert noted("boss", "saw", "wall")
    assert noted("boss", "searched", "contact") or noted("boss", "searched", "record")
    assert call_id in {note.subject for note in noted("boss", "saw", "contact") + noted("boss", "saw", "record")}
    assert noted("boss", "heard", "recording")
    assert noted("boss", "searched", "statistics")
    assert not any("폐기물" in note.detail or CALLER in note.detail for note in notes)
