"""Flow 5: the agent asks for a picture, the caller takes it; where it was taken is told only if the caller wants it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from core.events import FormSent, PhotoReceived
from tests.flows.visual_ars.stage import SOON_S, Desk, Phone, Stage

pytestmark = [pytest.mark.sip, pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

LATITUDE, LONGITUDE = 37.5, 127.25


def photograph(path: Path) -> Path:
    """What a smartphone's camera makes: JPEG with the place and the camera's name in it."""
    picture = Image.new("RGB", (1200, 900), (90, 120, 60))
    picture.paste((200, 30, 30), (300, 300, 600, 700))
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Camera of a citizen"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", (37.0, 30.0, 0.0)
    gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "E", (127.0, 15.0, 0.0)
    picture.save(path, "JPEG", exif=exif)
    return path


@pytest.mark.parametrize("consents", [True, False], ids=["with_place", "without_place"])
async def test_a_picture_with_and_without_its_place(
    stage: Stage, desk: Desk, phone: Phone, tmp_path: Path, consents: bool
) -> None:
    await desk.ready()
    call = await stage.call(f"0100000{1005 + 10 * consents}")
    await phone.open(await stage.link(call.number))
    await phone.tap("0")
    await stage.headset_call()
    await phone.on("@talk")
    await desk.post(f"calls/{call.call_id}/push", kind="screen", id="photo")
    await phone.on("photo")
    if consents:
        await phone.page.locator("[data-place]").check()
    chooser = phone.page.locator("input[type=file]").last
    await chooser.set_input_files(photograph(tmp_path / "IMG_0001.jpg"))
    await phone.says(phone.main, "사진을 받았습니다")
    await phone.shot(f"5-photo-{'place' if consents else 'bare'}")
    received = await stage.event(PhotoReceived, call_id=call.call_id)
    if consents:
        assert received.latitude == pytest.approx(LATITUDE, abs=1e-4)
        assert received.longitude == pytest.approx(LONGITUDE, abs=1e-4)
    else:
        assert (received.latitude, received.longitude) == (None, None)

    await phone.send_form()
    await phone.on("seen")
    sent = await stage.event(FormSent, call_id=call.call_id)
    assert sent.values[0].value == received.photo_id
    await desk.until("PhotoReceived", lambda event: event["photo_id"] == received.photo_id)
    for preview in (False, True):
        kept = await desk.picture(received.photo_id, preview=preview)
        with Image.open(io.BytesIO(kept)) as picture:
            assert not picture.getexif(), "nothing hidden is kept"
            assert picture.width >= picture.height
        assert b"Camera of a citizen" not in kept


async def test_a_file_that_lies_is_refused_in_words_and_the_call_goes_on(
    stage: Stage, desk: Desk, phone: Phone, tmp_path: Path
) -> None:
    await desk.ready()
    call = await stage.call("01000001025")
    await phone.open(await stage.link(call.number))
    await phone.tap("0")
    headset, _ = await stage.headset_call()
    await phone.on("@talk")
    await desk.post(f"calls/{call.call_id}/push", kind="screen", id="photo")
    await phone.on("photo")
    lie = tmp_path / "holiday.jpg"
    lie.write_bytes(b"MZ\x90\x00 this is a program" + bytes(4000))
    await phone.page.locator("input[type=file]").last.set_input_files(lie)
    await phone.says(phone.main, "사진이 아닌 파일입니다")
    await phone.shot("5-photo-refused")
    assert not [e for e in stage.events if isinstance(e, PhotoReceived) and e.call_id == call.call_id]

    torn = photograph(tmp_path / "torn.jpg")
    torn.write_bytes(torn.read_bytes()[:2000])
    await phone.page.locator("input[type=file]").last.set_input_files(torn)
    await phone.says(phone.main, "사진이 열리지 않습니다")

    assert call.leg.up
    assert headset.up
    await phone.page.locator("input[type=file]").last.set_input_files(photograph(tmp_path / "true.jpg"))
    await stage.event(PhotoReceived, call_id=call.call_id, within_s=SOON_S)
    phone.forgiven = True
