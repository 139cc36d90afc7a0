"""Pictures taken in: real worker processes, real files; what is refused leaves nothing behind."""

from __future__ import annotations

import asyncio
import io
import json
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from core.config import LogConfig
from core.errors import BadInput, MinwonError, Refused
from core.log import setup
from core.metrics import REGISTRY
from core.pictures import shelf as room
from core.pictures.shelf import MOST_BYTES, Photo, Pictures
from tests.core.pictures.pictures import CITY_HALL, encoded, exif, halves

NOW = datetime.now(UTC)


@pytest.fixture
async def pictures(tmp_path: Path) -> Pictures:
    """An empty folder of pictures."""
    return await opened(tmp_path)


async def opened(folder: Path, **options: Any) -> Pictures:
    kept = Pictures(folder / "uploads", **{"most_mb": 100, "days": 30, **options})
    await kept.sweep(NOW)
    return kept


async def sent(data: bytes, *, size: int = 65536) -> AsyncIterator[bytes]:
    """As it comes over the line."""
    for at in range(0, len(data), size):
        yield data[at : at + size]
        await asyncio.sleep(0)


async def take(pictures: Pictures, data: bytes, **options: Any) -> Photo:
    return await pictures.receive(sent(data), **{"contact": "v1", **options})


async def refused(pictures: Pictures, data: bytes, **options: Any) -> str:
    """The code of why not; nothing is left on disk."""
    before = files(pictures)
    with pytest.raises(MinwonError) as why:
        await take(pictures, data, **options)
    assert isinstance(why.value, BadInput | Refused)
    assert files(pictures) == before
    return why.value.code


def files(pictures: Pictures) -> set[str]:
    return {file.name for file in pictures._folder.iterdir()}


def shell(folder: Path, script: str) -> str:
    """A program that stands for the worker's Python."""
    file = folder / "python"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o700)
    return str(file)


async def test_a_photo_is_kept_twice_and_private(pictures: Pictures) -> None:
    photo = await take(pictures, encoded(halves(4000, 3000), exif=exif(orientation=6)), declared="image/jpeg")
    assert (photo.width, photo.height, photo.latitude, photo.longitude) == (1536, 2048, None, None)
    picture, preview = pictures.path(photo.photo_id), pictures.path(photo.photo_id, preview=True)
    assert picture is not None and preview is not None
    assert files(pictures) == {picture.name, preview.name}

    assert picture.stat().st_size == photo.size
    assert {file.stat().st_mode & 0o777 for file in (picture, preview)} == {0o600}
    assert picture.parent.stat().st_mode & 0o777 == 0o700
    with Image.open(picture) as image:
        assert image.size == (1536, 2048)
        assert not image.getexif()
    with Image.open(preview) as image:
        assert image.size == (240, 320)
    await pictures.delete(photo.photo_id)
    await pictures.delete(photo.photo_id)
    assert files(pictures) == set()


async def test_the_place_only_with_consent(pictures: Pictures) -> None:
    data = encoded(halves(), exif=exif())
    without = await take(pictures, data, place_consent=False)
    assert (without.latitude, without.longitude) == (None, None)
    consented = await take(pictures, data, place_consent=True)
    assert (consented.latitude, consented.longitude) == CITY_HALL


async def test_eleven_mebibytes_are_too_many(pictures: Pictures) -> None:
    told = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal told
        yield encoded(halves())
        while True:
            told += 1 << 20
            yield bytes(1 << 20)

    before = files(pictures)
    with pytest.raises(BadInput) as why:
        await pictures.receive(endless(), contact="v1")
    assert why.value.code == "photo_too_large"
    assert told <= 11 << 20
    assert files(pictures) == before
    # Up to the last byte it is fine: what follows a picture is dropped.
    data = encoded(halves())
    photo = await take(pictures, data + bytes(MOST_BYTES - len(data)))
    assert photo.size < 100_000


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "photo_wrong_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "photo_wrong_type"),
        (b"<!doctype html><script>alert(1)</script>", "photo_wrong_type"),
        (b"%PDF-1.7\n", "photo_wrong_type"),
        (b"PK\x03\x04" + bytes(100), "photo_wrong_type"),
        (b"MZ" + bytes(100), "photo_wrong_type"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(100), "photo_heic"),
        (encoded(Image.new("1", (8000, 8000)), "PNG"), "photo_pixels"),
        (encoded(halves())[:500], "photo_broken"),
        (b"\xff\xd8\xff<script>alert(1)</script>", "photo_broken"),
    ],
)
async def test_refused_whatever_it_calls_itself(pictures: Pictures, data: bytes, code: str) -> None:
    assert await refused(pictures, data, declared="image/jpeg") == code


async def test_a_wrong_type_is_refused_before_the_rest_has_come(pictures: Pictures) -> None:
    blocks = 0

    async def script() -> AsyncIterator[bytes]:
        nonlocal blocks
        while True:
            blocks += 1
            yield b"<script>" * 8192

    with pytest.raises(BadInput):
        await pictures.receive(script(), contact="v1")
    assert blocks < 10


async def test_a_lie_about_the_type_is_counted_and_the_content_taken(pictures: Pictures) -> None:
    def lies() -> float:
        return REGISTRY.get_sample_value("minwon_photos_misdeclared_total") or 0

    before = lies()
    await take(pictures, encoded(halves(), "PNG"), declared="image/png; x=y")
    assert lies() == before
    await take(pictures, encoded(halves(), "PNG"), declared="application/pdf")
    assert lies() == before + 1


async def test_one_byte_at_a_time(pictures: Pictures) -> None:
    stream = sent(encoded(halves(20, 10)), size=1)
    photo = await pictures.receive(stream, contact="v1")
    assert (photo.width, photo.height) == (20, 10)


async def test_a_lost_line_leaves_nothing(pictures: Pictures) -> None:
    async def lost() -> AsyncIterator[bytes]:
        yield encoded(halves())
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await pictures.receive(lost(), contact="v1")
    assert files(pictures) == set()


async def test_a_slow_line_is_told_so(pictures: Pictures, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "UPLOAD_S", 0.05)

    async def slow() -> AsyncIterator[bytes]:
        yield encoded(halves())
        await asyncio.sleep(60)

    with pytest.raises(BadInput) as why:
        await pictures.receive(slow(), contact="v1")
    assert why.value.code == "photo_slow"
    assert files(pictures) == set()


@pytest.mark.parametrize(
    "script", ["kill -9 $$", "exit 1", "echo nonsense", 'echo \'{"type": "Made"}\'', "head -c 99999 /dev/zero"]
)
async def test_a_worker_that_dies_costs_one_photo(tmp_path: Path, script: str) -> None:
    pictures = await opened(tmp_path, python=shell(tmp_path, script))
    assert await refused(pictures, encoded(halves())) == "photo_failed"


async def test_a_worker_that_hangs_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "WORK_S", 0.3)
    pictures = await opened(tmp_path, python=shell(tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 60"))
    assert await refused(pictures, encoded(halves())) == "photo_failed"
    pid = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_photo_given_up_leaves_nothing(tmp_path: Path) -> None:
    pictures = await opened(tmp_path, python=shell(tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 60"))
    async with asyncio.TaskGroup() as tasks:
        work = tasks.create_task(take(pictures, encoded(halves())))
        while not (tmp_path / "pid").exists():  # noqa: ASYNC110 - another process makes it
            await asyncio.sleep(0.02)
        work.cancel()
    assert files(pictures) == set()


async def test_two_workers_at_a_time(tmp_path: Path) -> None:
    answer = '{"type":"NotMade","fault":"photo_broken"}'
    script = f"echo + >> {tmp_path}/log; sleep 0.2; echo - >> {tmp_path}/log; echo '{answer}'"
    pictures = await opened(tmp_path, python=shell(tmp_path, script))
    answers = await asyncio.gather(*(take(pictures, encoded(halves())) for n in range(5)), return_exceptions=True)
    assert {getattr(answer, "code", "") for answer in answers} == {"photo_broken"}
    running = most = 0
    for line in ((tmp_path / "log").read_text()).split():
        running += 1 if line == "+" else -1
        most = max(most, running)
    assert most == 2


async def test_too_many_uploads_at_a_time(pictures: Pictures, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_UPLOADS", 1)
    go_on = asyncio.Event()

    async def waits() -> AsyncIterator[bytes]:
        yield encoded(halves())
        await go_on.wait()

    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(pictures.receive(waits(), contact="v1"))
        await asyncio.sleep(0)
        with pytest.raises(Refused) as why:
            await take(pictures, encoded(halves()))
        assert why.value.code == "photo_busy"
        go_on.set()
    assert first.result().width == 400


async def test_an_upload_that_brings_nothing_more_is_over(pictures: Pictures, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "STALL_S", 0.05)

    async def stalls() -> AsyncIterator[bytes]:
        yield encoded(halves())[:100]
        await asyncio.Event().wait()

    with pytest.raises(BadInput) as why:
        await pictures.receive(stalls(), contact="v1")
    assert why.value.code == "photo_slow"
    assert files(pictures) == set()


async def test_the_folder_has_a_limit(tmp_path: Path) -> None:
    pictures = await opened(tmp_path, most_mb=11)
    noise = Image.effect_noise((2048, 2048), 120).convert("RGB")
    await take(pictures, encoded(noise, quality=80))
    assert await refused(pictures, encoded(halves())) == "photo_full"
    # ... which a new node knows, too, and which ends with age.
    pictures = await opened(tmp_path, most_mb=11)
    assert await refused(pictures, encoded(halves())) == "photo_full"
    await pictures.sweep(NOW + timedelta(days=31))
    assert (await take(pictures, encoded(halves()))).width == 400


async def test_sweep_deletes_what_is_old_or_left_behind(tmp_path: Path) -> None:
    pictures = await opened(tmp_path, days=2)
    old, young = await take(pictures, encoded(halves())), await take(pictures, encoded(halves()))

    for name in (f"{old.photo_id}.jpg", f"{old.photo_id}.preview.jpg"):
        os.utime(pictures._folder / name, (NOW.timestamp() - 2.1 * 86400,) * 2)
    for name, age in (("left.part", 3700), ("left.picture.part", 3700), ("now.part", 60)):
        (pictures._folder / name).write_bytes(b"x")
        os.utime(pictures._folder / name, (NOW.timestamp() - age,) * 2)
    assert await pictures.sweep(NOW) == 1
    assert files(pictures) == {f"{young.photo_id}.jpg", f"{young.photo_id}.preview.jpg", "now.part"}


async def test_a_full_disk_refuses_in_words(pictures: Pictures, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(file: Path) -> io.FileIO:
        return io.FileIO("/dev/full", "w")

    monkeypatch.setattr(room, "_create", full)
    assert await refused(pictures, encoded(halves())) == "photo_full"


async def test_a_machine_that_starts_no_worker_refuses_in_words(tmp_path: Path) -> None:
    pictures = await opened(tmp_path, python=str(tmp_path / "nowhere"))
    assert await refused(pictures, encoded(halves())) == "photo_failed"


async def test_a_worker_without_room_refuses_in_words(tmp_path: Path) -> None:
    # 4 blocks of 512 bytes: the picture does not fit.
    pictures = await opened(tmp_path, python=shell(tmp_path, f'ulimit -f 4; exec {sys.executable} "$@"'))
    noise = Image.effect_noise((300, 300), 120).convert("RGB")
    assert await refused(pictures, encoded(noise)) == "photo_full"


async def test_the_worker_limits_itself(tmp_path: Path) -> None:
    report = tmp_path / "limits"
    code = (
        "import json, os, resource, sys; from core.pictures import worker; worker._confine(); "
        "limits = [resource.getrlimit(getattr(resource, 'RLIMIT_' + r))[1] for r in ('CPU', 'AS', 'FSIZE', 'CORE')]; "
        f"print(json.dumps([*limits, os.umask(0)]), file=open('{report}', 'w'))"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    assert await process.wait() == 0
    cpu, memory, size, core, umask = json.loads(report.read_text())
    assert 0 < cpu <= 15 and 0 < memory <= 1 << 30 and 0 < size <= 16 << 20
    assert (core, umask) == (0, 0o077)


@pytest.mark.parametrize(
    "photo_id",
    [
        "",
        ".",
        "..",
        "../../etc/passwd",
        "A" * 21,
        "A" * 23,
        "/" + "A" * 21,
        "A" * 21 + "\n",
        "A" * 21 + "가",
        "A" * 20 + "\0A",
    ],
)
async def test_no_way_out_of_the_folder(pictures: Pictures, photo_id: str) -> None:
    assert pictures.path(photo_id) is None
    assert pictures.path(photo_id, preview=True) is None
    await pictures.delete(photo_id)


async def test_the_event_loop_is_never_blocked(tmp_path: Path, no_blocking_calls: None) -> None:
    setup(LogConfig(level="error"), "node1")  # the log itself goes to a file here
    pictures = await opened(tmp_path)
    photo = await take(pictures, encoded(Image.effect_noise((1000, 1000), 120).convert("RGB")))
    with pytest.raises(BadInput):
        await take(pictures, b"%PDF")
    assert pictures.path(photo.photo_id) is not None
    await pictures.delete(photo.photo_id)
    await pictures.sweep(NOW)


async def test_no_place_and_no_hidden_word_is_logged(pictures: Pictures, capsys: pytest.CaptureFixture[str]) -> None:
    setup(LogConfig(level="debug", format="json"), "node1")
    photo = await take(pictures, encoded(halves(), exif=exif()), place_consent=True)
    said = capsys.readouterr()
    assert photo.photo_id in said.err
    assert "37.5" not in said.err and "Secret" not in said.err
