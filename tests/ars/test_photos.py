"""What a visit may send of photos, and what goes with a visit that never called; the rest is test_shelf's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ars.photos import AT_A_TIME, OF_A_VISIT, TRIES, UNCALLED_UPLOADS, Photos
from core.errors import BadInput, MinwonError, Refused
from core.pictures.shelf import Photo, Pictures
from tests.core.pictures.pictures import encoded, halves

NOW = datetime.now(UTC)


@pytest.fixture
async def photos(tmp_path: Path) -> Photos:
    """An empty folder of photos."""
    return await opened(tmp_path)


async def opened(folder: Path, **options: Any) -> Photos:
    kept = Photos(Pictures(folder / "uploads", **{"most_mb": 100, "days": 30, **options}))
    await kept.sweep(NOW)
    return kept


async def sent(data: bytes, *, size: int = 65536) -> AsyncIterator[bytes]:
    """As it comes over the line."""
    for at in range(0, len(data), size):
        yield data[at : at + size]
        await asyncio.sleep(0)


async def take(photos: Photos, data: bytes, **options: Any) -> Photo:
    return await photos.receive(sent(data), **{"visit_id": "v1", "now": NOW, "place_consent": False, **options})


async def refused(photos: Photos, data: bytes, **options: Any) -> str:
    """The code of why not; nothing is left on disk."""
    before = files(photos)
    with pytest.raises(MinwonError) as why:
        await take(photos, data, **options)
    assert isinstance(why.value, BadInput | Refused)
    assert files(photos) == before
    return why.value.code


def files(photos: Photos) -> set[str]:
    return {file.name for file in photos._pictures._folder.iterdir()}


async def refused_code(photos: Photos, visit_id: str = "v2", **options: Any) -> str:
    """While others are on their way."""
    with pytest.raises(Refused) as why:
        await take(photos, encoded(halves()), visit_id=visit_id, **options)
    return why.value.code


class Held:
    """Uploads that go on until they are let go."""

    def __init__(self, photos: Photos) -> None:
        self.go_on = asyncio.Event()
        self._photos = photos

    async def _stream(self) -> AsyncIterator[bytes]:
        await self.go_on.wait()
        yield encoded(halves(20, 10))

    async def take(self, visit_id: str, *, in_call: bool = True) -> Photo:
        return await self._photos.receive(
            self._stream(), visit_id=visit_id, now=NOW, place_consent=False, in_call=in_call
        )


async def test_no_visit_and_no_crowd_without_calls_holds_all_places(photos: Photos) -> None:
    held = Held(photos)
    async with asyncio.TaskGroup() as tasks:
        for _ in range(AT_A_TIME):
            tasks.create_task(held.take("v1"))
        for number in range(UNCALLED_UPLOADS):
            tasks.create_task(held.take(f"w{number}", in_call=False))
        await asyncio.sleep(0)
        assert await refused_code(photos, "v1") == "photo_busy"
        assert await refused_code(photos, "w", in_call=False) == "photo_busy"
        caller = tasks.create_task(held.take("v2"))
        held.go_on.set()
    assert caller.result().width == 20
    assert not photos._uploads and not photos._uncalled_uploads


async def test_photos_of_visits_that_never_called_go_with_them(photos: Photos) -> None:
    gone = await take(photos, encoded(halves(20, 10)), in_call=False)
    joined = await take(photos, encoded(halves(20, 10)), in_call=False, visit_id="v2")
    caller = await take(photos, encoded(halves(20, 10)), visit_id="v3")
    photos.called({joined.photo_id})
    await photos.uncalled({gone.photo_id, joined.photo_id, caller.photo_id, "none"})
    assert {name.partition(".")[0] for name in files(photos)} == {joined.photo_id, caller.photo_id}


async def test_visits_without_a_call_fill_a_quarter_of_the_folder(tmp_path: Path) -> None:
    photos = await opened(tmp_path, most_mb=20)
    noise = Image.effect_noise((2048, 2048), 120).convert("RGB")
    for number in range(4):
        await take(photos, encoded(noise, quality=80), visit_id=f"w{number}", in_call=False)
        if sum(photos._uncalled.values()) > 5 << 20:
            break
    assert await refused(photos, encoded(halves()), visit_id="w", in_call=False) == "photo_full"
    assert (await take(photos, encoded(halves()))).width == 400


async def test_five_an_hour_and_visit(photos: Photos) -> None:
    await refused(photos, b"%PDF")  # a wrong file takes no place
    for n in range(OF_A_VISIT):
        await take(photos, encoded(halves(20, 10)), now=NOW + timedelta(minutes=n))
    later = NOW + timedelta(minutes=30)
    assert await refused(photos, encoded(halves()), now=later) == "photo_too_many"
    assert (await take(photos, encoded(halves()), visit_id="v2", now=later)).width == 400
    await photos.sweep(later)
    assert await refused(photos, encoded(halves()), now=later) == "photo_too_many"
    assert (await take(photos, encoded(halves()), now=NOW + timedelta(minutes=61))).width == 400


async def test_wrong_files_end_sometime(photos: Photos) -> None:
    for _ in range(TRIES):
        assert await refused(photos, b"%PDF") == "photo_wrong_type"
    assert await refused(photos, encoded(halves())) == "photo_too_many"
    await photos.sweep(NOW + timedelta(hours=2))
    assert photos._tries == photos._kept == {}
