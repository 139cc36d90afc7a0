"""The player of recordings in Chromium: it plays, what is heard lights up, what is silenced is marked."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.fakes.recorded import MASK, PlayerSite

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AT: Final = "Number(document.querySelector('.wave canvas').getAttribute('aria-valuenow'))"


@pytest_asyncio.fixture(loop_scope="session")
async def site(tmp_path: Path) -> AsyncIterator[PlayerSite]:
    async with PlayerSite(tmp_path) as site:
        yield site


@pytest_asyncio.fixture(loop_scope="session")
async def player(chromium: Browser, site: PlayerSite) -> AsyncIterator[Page]:
    """The player of the one recording, as a supervisor sees it. What the browser complains about fails the test."""
    context = await chromium.new_context(
        viewport={"width": 1024, "height": 768}, locale="ko-KR", timezone_id="Asia/Seoul", base_url=site.url
    )
    context.set_default_timeout(10_000)
    await context.add_cookies([{"name": "who", "value": "supervisor", "url": site.url}])
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    await page.goto("/records#/recordings")
    await page.locator(".line").click()
    await page.wait_for_selector(".said li")
    yield page
    await context.close()
    assert not [line for line in complaints if "status of 4" not in line and "status of 5" not in line]


async def test_a_recording_is_heard_found_and_taken_out(player: Page, site: PlayerSite) -> None:
    """One after the other, as somebody works with it: a page load costs a second."""
    page = player
    await expect(page.locator(".player-time")).to_have_text(re.compile(r"0:00 / 1:\d\d"))
    assert [note.deed for note in site.notes.kept] == ["saw", "saw"], "nobody has heard anything yet"
    # What is silent and what is evidence is said and drawn.
    await expect(page.locator(".player-silences")).to_contain_text("개인 번호를 말한 1곳")
    await expect(page.locator(".player-evidence")).to_contain_text("폭언 경보의 근거")
    await expect(page.locator(".said .masked")).to_have_text(MASK)
    drawn = await page.evaluate(
        "(() => { const c = document.querySelector('.wave canvas');"
        " return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v) })()"
    )
    assert drawn
    # Space plays; the word that is heard lights up and goes on.
    await page.keyboard.press(" ")
    await expect(page.locator(".player-play")).to_have_attribute("aria-pressed", "true")
    await expect(page.locator(".said .now").first).to_be_visible()
    [_list, _saw, note] = site.notes.kept
    assert (note.who, note.deed, note.subject) == ("supervisor", "heard", "rec-1")
    # A click on a word plays from there, though it lies far away.
    target = page.locator(".said [data-at]:not(button)", has_text=re.compile("^도둑놈들아$"))
    start = float(await target.get_attribute("data-at") or 0)
    await target.click()
    await page.wait_for_function(f"{AT} >= {int(start)}")
    await expect(page.locator(".said li.here")).to_contain_text("도둑놈들아")
    await expect(page.locator(".player-trouble")).to_have_text("")
    # Speed by key, pitch kept; arrows; space again.
    await page.keyboard.press("+")
    await expect(page.locator(".player-speed select")).to_have_value("1.25")
    await page.keyboard.press("-")
    await page.keyboard.press("-")
    await expect(page.locator(".player-speed select")).to_have_value("0.75")
    await page.keyboard.press(" ")
    await expect(page.locator(".player-play")).to_have_attribute("aria-pressed", "false")
    before = await page.evaluate(AT)
    await page.keyboard.press("ArrowLeft")
    await page.wait_for_function(f"{AT} <= {before} - 4")
    # Search: hits in the words and on the waveform, whatever the blanks.
    await page.keyboard.press("/")
    await page.keyboard.type("여권사진")
    await expect(page.locator(".player-search output")).to_have_text("–/2")
    await page.keyboard.press("Enter")
    await expect(page.locator(".player-search output")).to_have_text("1/2")
    await expect(page.locator(".said .looked").first).to_have_text("여권")
    await page.keyboard.press("Enter")
    await expect(page.locator(".player-search output")).to_have_text("2/2")
    # The waveform is a slider.
    canvas = page.locator(".wave canvas")
    box = await canvas.bounding_box()
    assert box is not None
    await page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 10)
    await page.wait_for_function(f"Math.abs({AT} - {site.recording.seconds / 2:.1f}) <= 1.5")
    # Taken out only with a reason.
    await page.locator(".player-download").click()
    await expect(page.locator("dialog .main")).to_be_disabled()
    await page.locator("dialog input").fill("경찰 수사 협조")
    async with page.expect_download() as download:
        await page.locator("dialog .main").click()
    path = await (await download.value).path()
    assert path.read_bytes()[:4] == b"OggS"
    assert [note.deed for note in site.notes.kept] == ["saw", "saw", "heard", "exported"]
    assert len([note for note in site.notes.kept if note.deed == "heard"]) == 1, "one hearing, many ranges"


async def test_a_file_that_is_gone_is_said_in_words(player: Page, site: PlayerSite) -> None:
    (site.shelf.folder / site.recording.file).unlink()
    await player.locator(".player-play").click()
    await expect(player.locator(".player-trouble")).to_contain_text("녹음 파일을 읽을 수 없습니다")
    await expect(player.locator(".player-play")).to_have_attribute("aria-pressed", "false")
