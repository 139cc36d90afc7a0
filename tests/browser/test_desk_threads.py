"""What people write, at the desk: from the webhook to the answer and the end, with a real node behind the page."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from core.config import AgentConfig, AssistConfig, Config, InboxConfig, NodeConfig, SttConfig, TextsConfig, WebConfig
from core.home import open_home
from core.webhook_signature import signed
from server.app import Node
from server.signing_in.passwords import hash_password
from tests.browser.test_desk_look import poor_contrast
from tests.core.pictures.pictures import encoded, halves
from tests.fakes.bridge import ScriptedBridge
from tests.fakes.entries import MOVE, PASSPORT, WASTE
from tests.fakes.quiet_node import hush

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PASSWORD = "hanbit-2107-desk"
KEY_SHOWN = re.compile(r"\b(?:threads|nav|help|message|compose|error)\.[a-z_.]+")
KIM = AgentConfig(id="kim", name="김하늘")


class Texts:
    """A node with one agent signed in, and a gateway that delivers to it."""

    def __init__(self, node: Node, gateway: aiohttp.ClientSession) -> None:
        self.node = node
        self._gateway = gateway
        self._number = 0

    async def write(self, sender: str, text: str, **more: Any) -> None:
        self._number += 1
        body = msgspec.json.encode({"from": sender, "to": "0331200120", "text": text, **more})
        headers = signed(b"key", f"m{self._number}", datetime.now(UTC), body)
        url = f"{self.node.desk_url}hooks/texts/minwon"
        async with self._gateway.post(url, data=io.BytesIO(body), headers=headers) as answer:
            assert answer.status == 200


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def texts(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Texts]:
    config = Config(
        node=NodeConfig(grace_s=0.1),
        web=WebConfig(port=0, centre="한빛시 민원콜센터"),
        stt=SttConfig(workers=1),
        assist=AssistConfig(wrap_up_s=0),
        texts=TextsConfig(undo_s=4.0, quiet_from="00:00", quiet_until="00:00"),
        inbox=InboxConfig(secret="key", opens="00:00", closes="00:00", days="1234567", queue="text"),
        agents=(
            msgspec.structs.replace(KIM, password_hash=hash_password(PASSWORD)),
            AgentConfig(id="lee", name="이바다", starts="ready", queues=("none",)),
        ),
    )
    with pytest.MonkeyPatch.context() as patch:
        hush(patch)
        home = open_home(tmp_path_factory.mktemp("texts") / "home")
        prefill = (KIM.id, PASSWORD)
        async with (
            Node(config, home, bridge=ScriptedBridge(), prefill=prefill) as node,
            aiohttp.ClientSession() as gateway,
        ):
            await node.store.put_entries([WASTE, MOVE, PASSPORT])
            await node.knowing.reload()
            await node.dispatcher.wish(KIM.id, "ready")
            yield Texts(node, gateway)


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def page(chromium: Browser, texts: Texts) -> AsyncIterator[Page]:
    context = await chromium.new_context(
        viewport={"width": 1440, "height": 900}, locale="ko-KR", timezone_id="Asia/Seoul"
    )
    context.set_default_timeout(15_000)
    page = await context.new_page()
    await page.goto(f"{texts.node.desk_url}desk")
    await page.click("form button")
    await expect(page.locator(".top")).to_contain_text("김하늘")
    yield page
    await context.close()


async def test_from_the_first_text_to_the_end(texts: Texts, page: Page) -> None:
    sign = page.locator(".top .texts-sign")
    await expect(sign.locator(".count")).to_have_text("0")
    picture = {"type": "image/jpeg", "data": base64.b64encode(encoded(halves(800, 600))).decode()}
    fake = {"type": "image/png", "data": base64.b64encode(b"PK\x03\x04").decode()}
    await texts.write(
        "010-2841-0091", "장롱을 버리려고 하는데요. 제 주민번호는 900101-1234567입니다", pictures=[picture, fake]
    )
    await expect(sign.locator(".count")).to_have_text("1")

    # F opens the list; the contact is hers, unread; its conversation shows words, picture and what was not taken.
    await page.keyboard.press("f")
    line = page.locator(".thread-line")
    await expect(line).to_have_class(re.compile("unread"))
    await line.click()
    talk = page.locator(".talk")
    await expect(talk).to_contain_text("******-*******")
    assert "1234567" not in await page.inner_text("body")
    await expect(talk.locator(".not-taken")).to_contain_text("사진이 아닌 파일")
    await expect(sign.locator(".count")).to_have_text("0")
    await expect(page.locator(".card.open")).to_contain_text(WASTE.title)
    assert await talk.locator(".thumb img").evaluate("img => img.decode().then(() => img.naturalWidth)") == 320

    # The picture opens large, Esc closes it and nothing else.
    await talk.locator(".thumb").click()
    large = page.locator("dialog.enlarged img")
    assert await large.evaluate("img => img.decode().then(() => img.naturalWidth)") == 800
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog.enlarged")).to_have_count(0)
    await expect(talk).to_be_visible()

    # R goes to the answer; it waits some seconds and may be taken back, its words with it; then it is delivered.
    await page.keyboard.press("r")
    await page.keyboard.type("네 확인하겠습니다")
    await expect(page.locator(".answer-foot .size")).to_contain_text("/ 90")
    await page.keyboard.press("Enter")
    ours = talk.locator(".sms.agent")
    await ours.locator("button", has_text="보내지 않기").click()
    await expect(ours.locator(".how")).to_have_text("취소함")
    await expect(page.locator("#answer")).to_have_value("네 확인하겠습니다")
    await page.locator("#answer").press("Enter")
    await expect(ours.last.locator(".how")).to_have_text("도착")
    await expect(line.locator(".owed")).to_have_text("답함")

    # F2 writes with the card, as in a call.
    await talk.locator(".day").click()
    await page.keyboard.press("F2")
    await expect(page.locator(".panel textarea")).to_have_value(re.compile(WASTE.title))
    await page.keyboard.press("Escape")

    # Search inside.
    await page.fill(".find", "장롱")
    await expect(talk.locator(".sms.found mark")).to_have_text("장롱")
    await page.fill(".find", "")

    # Y asks why, a digit ends it; the record is drafted.
    await talk.locator(".day").click()
    await page.keyboard.press("y")
    await expect(page.locator(".asked button.main")).to_be_focused()
    await page.keyboard.press("1")
    await expect(page.locator(".thread .over")).to_contain_text("답하고 끝낸")
    await expect(line).to_have_count(0)

    # The record lies before her, drafted; Enter confirms it. Nothing waits on her list.
    waiting = page.locator(".top a[href='/records#/unasked'] .count")
    panel = page.locator(".panel .record-form")
    await expect(panel).to_contain_text("주고받은 글에서 뽑은 초안")
    await expect(panel.locator("textarea[name=need]")).to_have_value(re.compile("장롱"))
    await expect(panel.locator("[data-first]")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator(".panel")).to_have_count(0)
    await expect(waiting).to_have_text("0")
    await page.keyboard.press("z")  # not after all: it waits there
    await expect(waiting).to_have_text("1")
    await page.keyboard.press("d")  # and is one key away, as long as the contact is open before her
    await expect(panel).to_contain_text("확정 전")
    await page.keyboard.press("Escape")
    await expect(page.locator(".panel")).to_have_count(0)
    await expect(waiting).to_have_text("1")
    assert not KEY_SHOWN.findall(await page.inner_text("body"))


async def test_handed_on_taken_over_and_a_later_text_opens_a_new_one(texts: Texts, page: Page) -> None:
    await texts.write("010-0000-7788", "여권 사진은 몇 장인가요")
    await page.goto(f"{texts.node.desk_url}desk#/texts")
    line = page.locator(".thread-line", has_text="010-0000-7788")
    await line.click()
    await expect(page.locator("#answer")).to_be_visible()
    await page.locator(".talk .day").click()
    await page.keyboard.press("t")
    await expect(page.locator(".asked button").first).to_contain_text("이바다")
    await page.keyboard.press("1")
    await expect(page.locator(".thread .over")).to_contain_text("이바다 상담사가 맡고 있습니다")
    assert "여권" not in await page.inner_text(".thread"), "a colleague's words are not hers"
    await expect(page.locator(".thread-line", has_text="010-0000-7788")).to_have_count(0)
    await expect(page.locator(".talk")).to_have_count(0)  # its words are no longer hers to read
    await page.keyboard.press("r")  # hers again
    await expect(page.locator("#answer")).to_be_visible()

    # One that she closes and leaves waits on her list.
    await page.locator(".talk .day").click()
    await page.keyboard.press("y")
    await page.keyboard.press("2")
    await expect(page.locator(".panel .record-form")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator(".top a[href='/records#/unasked'] .count")).to_have_text("2")

    # Nobody is free: one that waits shows no words until she takes it.
    await texts.node.dispatcher.wish(KIM.id, "away")
    await texts.write("010-3333-4455", "남에게 보이면 안 되는 글")
    unknown = page.locator(".thread-line", has_text="끝자리 4455")
    await unknown.click()
    await expect(page.locator(".thread")).to_contain_text("내용은 맡은 상담사만 봅니다")
    assert "안 되는 글" not in await page.inner_text("body")
    await page.keyboard.press("r")
    await expect(page.locator(".talk")).to_contain_text("남에게 보이면 안 되는 글")
    await texts.node.dispatcher.wish(KIM.id, "ready")

    await texts.write("010-2841-0091", "하나만 더요")
    again = page.locator(".thread-line", has_text="010-2841-0091")
    await again.click()
    await expect(page.locator(".talk .sms.earlier").first).to_contain_text("장롱")
    await expect(page.locator(".talk .sms:not(.earlier)")).to_contain_text("하나만 더요")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_both_sizes_and_themes(texts: Texts, page: Page, width: int, height: int, scheme: Any) -> None:
    await page.set_viewport_size({"width": width, "height": height})
    await page.emulate_media(color_scheme=scheme)
    await expect(page.locator(".talk")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for name in ("#answer", ".answer-foot .main", ".thread-tools .deeds"):
        box = await page.locator(name).bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
    assert await poor_contrast(page) == []
    await page.emulate_media(color_scheme="light")
