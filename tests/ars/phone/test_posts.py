"""Forms: everything works without JavaScript; sizes, pictures and nonsense are met in words."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
import pytest_asyncio
from aiohttp import FormData
from msgspec.structs import replace
from PIL import Image

from ars import inputs
from ars.messages import LONGEST_FORM
from ars.phone.posts import photo_fault
from ars.words import say
from core import metrics
from core.events import PhotoReceived
from tests.ars.phone_client import JSON, Phone
from tests.ars.small import small_menu
from tests.fakes.phone_site import PhoneSite


@pytest_asyncio.fixture
async def site(tmp_path: Path) -> AsyncIterator[PhoneSite]:
    async with PhoneSite(tmp_path, small_menu()) as site:
        yield site


@pytest_asyncio.fixture
async def phone(site: PhoneSite) -> AsyncIterator[Phone]:
    async with Phone(site) as phone:
        yield phone


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (640, 480), "navy").save(buffer, "JPEG")
    return buffer.getvalue()


async def test_a_whole_call_without_javascript(site: PhoneSite, phone: Phone) -> None:
    call, visit, path = site.call()
    await phone.get(path)

    async def tap(choice: str) -> str:
        answer = await phone.post(f"{path}/tap", {"_number": str(visit.state.number), "_choice": choice})
        assert answer.status == 303 and answer.headers["Location"] == path
        return await (await phone.get(path)).text()

    assert "장소" in await tap("2")
    form = {"_number": str(visit.state.number), "where": "새빛로 12길", "plate": "", "_x": "y", "unknown": "z"}
    assert (await phone.post(f"{path}/form", form)).status == 303
    page = await (await phone.get(path)).text()
    assert 'value="새빛로 12길"' in page and say("ko", "error.required") in page and 'id="errors"' in page
    form |= {"plate": "12가 3456", "agreed": "yes"}
    await phone.post(f"{path}/form", form)
    page = await (await phone.get(path)).text()
    assert "접수되었습니다" in page and say("ko", "notice.form_sent") in page
    assert "상담사를 기다리고 있습니다" in await tap("0")
    await call.until("find_agent")
    visit.put(inputs.Joined())
    assert 'name="_text"' in await tap("@captions")
    await phone.post(f"{path}/write", {"_text": "잘 들립니다"})
    assert await call.until("typed") == "잘 들립니다"
    assert "English" in await tap("@language")
    assert "You are on the call" in await tap("2")
    site.visits.call_over(visit)
    before = visit.ends
    assert before is not None
    await phone.post(f"{path}/extend")
    assert visit.ends is not None and visit.ends > before


async def test_replayed_and_foolish_posts_do_nothing(site: PhoneSite, phone: Phone) -> None:
    _, visit, path = site.call()
    await phone.get(path)
    first = {"_number": "1", "_choice": "1"}
    await phone.post(f"{path}/tap", first)
    for form in (
        first,
        {},
        {"_number": "-1"},
        {"_number": "2"},
        {"_number": "9" * 30, "_choice": "1"},
        {"_choice": "x" * 99},
    ):
        assert (await phone.post(f"{path}/tap", form)).status == 303
    visit.state = replace(visit.state, moved=None)
    told = await (await phone.post(f"{path}/tap", first, JSON)).json()
    assert [message["type"] for message in told] == ["Screen", "Refused"] and told[1]["why"] == "stale"
    told = await (await phone.post(f"{path}/write", {"_text": "x" * 301, "_mark": "w"}, JSON)).json()
    assert told[0]["why"] == "message"
    assert visit.state.here.id == "documents" and visit.state.number == 2


async def test_forms_beyond_the_limits_are_refused(site: PhoneSite, phone: Phone) -> None:
    _, visit, path = site.call()
    await phone.get(path)
    visit.put(inputs.Tap(1, "2"))
    large = {"_number": "2", "where": "x" * LONGEST_FORM}
    answer = await phone.post(f"{path}/form", large)
    assert answer.status == 413 and say("ko", "gone.too_large_title") in await answer.text()
    parts = FormData({"_number": "2"})
    parts.add_field("where", "x" * LONGEST_FORM, content_type="text/plain")
    assert (await phone.post(f"{path}/form", parts)).status == 413
    many = urlencode([(f"f{number}", "x") for number in range(200)])
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await phone.post(f"{path}/form", many, kind)).status == 400
    assert (await phone.post(f"{path}/form", b"where=\xff\xfe", kind)).status == 400
    assert (await phone.post(f"{path}/tap", b"%%%", kind)).status == 303
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    for body in (
        b"",
        b"--x",
        b"--x\r\n\r\nhello",
        b"nonsense",
        b"--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--",
    ):
        assert (await phone.post(f"{path}/form", body, broken)).status in (303, 400)
    assert (await phone.post(f"{path}/form", b"x", {"Content-Type": "multipart/form-data"})).status == 400
    assert (await phone.post("/v/look", b"x" * 3000)).status == 413
    assert visit.state.here.id == "parking"


async def test_a_picture_sent_by_the_script(site: PhoneSite, phone: Phone) -> None:
    call, visit, path = site.call()
    await phone.get(path)
    visit.put(inputs.Tap(1, "2"))
    jpeg = {**JSON, "Content-Type": "image/jpeg"}
    answer = await phone.post(f"{path}/photo?field=picture", picture(), jpeg)
    sent = (await answer.json())[0]
    assert answer.status == 200 and sent["type"] == "Photo" and sent["field"] == "picture"
    assert site.photos.path(sent["photo_id"]) is not None and sent["photo_id"] in visit.photos
    await phone.post(
        f"{path}/form", {"_number": "2", "where": "a", "plate": "b", "agreed": "yes", "picture": sent["photo_id"]}
    )
    await site.house.settle()
    assert call.told(PhotoReceived)[0].photo_id == sent["photo_id"]
    assert visit.state.here.id == "thanks"
    lie = await phone.post(f"{path}/photo?field=picture", b"MZ\x90 this is a program", jpeg)
    assert lie.status == 422 and (await lie.json())[0]["text"] == say("ko", "photo.wrong_type")
    huge = await phone.post(f"{path}/photo?field=picture", io.BytesIO(picture() + bytes(10 << 20)), jpeg)
    assert huge.status == 422 and (await huge.json())[0]["text"] == say("ko", "photo.too_large")


async def test_a_picture_in_the_form_without_javascript(site: PhoneSite, phone: Phone) -> None:
    call, visit, path = site.call()
    await phone.get(path)
    visit.put(inputs.Tap(1, "2"))

    def form(photo: bytes, name: str = "car.jpg") -> FormData:
        parts = FormData()
        for field, value in (("_number", "2"), ("where", "새빛로"), ("plate", "12가"), ("_place_picture", "yes")):
            parts.add_field(field, value)
        parts.add_field("_photo_picture", photo, filename=name, content_type="image/jpeg")
        parts.add_field("_photo_picture", b"", filename="", content_type="application/octet-stream")
        parts.add_field("picture", "")
        parts.add_field("agreed", "yes")
        return parts

    wrong = await phone.post(f"{path}/form", form(b"no picture at all"))
    page = await wrong.text()
    assert wrong.status == 422 and say("ko", "photo.wrong_type") in page and 'value="새빛로"' in page
    assert visit.state.here.id == "parking"
    assert (await phone.post(f"{path}/form", form(picture(), "../../etc/passwd"))).status == 303
    assert visit.state.here.id == "thanks"
    await site.house.settle()
    assert len(call.told(PhotoReceived)) == 1
    assert {file.suffix for file in (site.photos.path(next(iter(visit.photos))) or Path()).parent.iterdir()} == {".jpg"}


async def test_posts_too_fast_are_counted_and_the_visit_goes_on(site: PhoneSite, phone: Phone) -> None:
    _, visit, path = site.call()
    await phone.get(path)
    before = metrics.ARS_MESSAGES_REFUSED.labels(why="too_fast")._value.get()
    statuses = [(await phone.post(f"{path}/extend")).status for _ in range(60)]
    assert statuses[0] == 303 and 429 in statuses
    assert metrics.ARS_MESSAGES_REFUSED.labels(why="too_fast")._value.get() > before
    visit.put(inputs.Tap(1, "1"))
    assert visit.state.here.id == "documents"


@pytest.mark.parametrize(
    "code", ["photo_busy", "photo_full", "photo_slow", "photo_heic", "photo_pixels", "photo_too_many"]
)
async def test_every_refusal_of_a_picture_has_words(site: PhoneSite, code: str) -> None:
    _, visit, _ = site.call()
    assert photo_fault(visit, code) == say("ko", code.replace("photo_", "photo."), count=5)
    assert photo_fault(visit, "home") == say("ko", "photo.failed")
