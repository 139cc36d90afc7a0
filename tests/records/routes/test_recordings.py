"""The player's addresses: who may, ranges, and that every hearing is noted before a byte is heard."""

from __future__ import annotations

import hashlib
import io
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from core.audio import RATE
from core.errors import StoreFault
from core.store.contacts import ContactRecord, Wording
from records.recording.codec import decode
from tests.fakes.recorded import CALL, MASK, PlayerSite


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[PlayerSite]:
    async with PlayerSite(tmp_path, "flac") as site:
        yield site


async def test_what_the_player_shows(site: PlayerSite) -> None:
    status, shown, headers = await site.ask("GET", "recordings/rec-1")
    assert status == 200
    assert headers["Cache-Control"] == "no-store"
    assert [silence["why"] for silence in shown["silences"]] == ["number", "keys"]
    assert [alert["kind"] for alert in shown["evidence"]] == ["abuse"]
    assert shown["words"][0]["tokens"][0][0] == "한빛시"
    assert shown["words"][0]["tokens"][0][1] == 0
    masked = next(line for line in shown["words"] if any(token[0] == MASK for token in line["tokens"]))
    [silence] = [silence for silence in shown["silences"] if silence["why"] == "number"]
    token = next(token for token in masked["tokens"] if token[0] == MASK)
    assert silence["start"] <= token[1] < token[2] <= silence["end"]
    assert not shown["may_download"]
    _, peaks, _ = await site.ask("GET", "recordings/rec-1/peaks")
    assert len(peaks) == pytest.approx(shown["seconds"] * shown["peaks_per_second"] * 2, abs=4)


async def test_a_hearing_is_noted_before_a_byte_is_heard(site: PlayerSite) -> None:
    status, refused, _ = await site.ask("GET", "recordings/rec-1/audio")
    assert (status, refused["code"]) == (403, "not_allowed")
    assert not site.notes.kept
    _, hearing, _ = await site.ask("POST", "recordings/rec-1/hear")
    [note] = site.notes.kept
    assert (note.who, note.deed, note.thing, note.subject, note.detail) == (
        "agent",
        "heard",
        "recording",
        "rec-1",
        CALL,
    )
    path = hearing["address"].removeprefix("/records/api/")
    status, sound, headers = await site.ask("GET", path)
    assert (status, headers["Accept-Ranges"], headers["Cache-Control"]) == (200, "bytes", "no-store")
    assert hashlib.sha256(sound).hexdigest() == site.recording.sha256
    status, refused, _ = await site.ask("GET", path, by="supervisor")
    assert (status, refused["code"]) == (403, "not_allowed")


async def test_the_number_is_silent_and_the_rest_is_heard(site: PlayerSite) -> None:
    _, hearing, _ = await site.ask("POST", "recordings/rec-1/hear")
    _, sound, _ = await site.ask("GET", hearing["address"].removeprefix("/records/api/"))
    samples = decode(io.BytesIO(sound)).astype(int)
    _, shown, _ = await site.ask("GET", "recordings/rec-1")
    for silence in shown["silences"]:
        assert not samples[round(silence["start"] * RATE) : round(silence["end"] * RATE)].any()
    for line in shown["words"]:
        for text, start, end in line["tokens"]:
            if text != MASK and not any(one["start"] < end and start < one["end"] for one in shown["silences"]):
                leg = 0 if line["speaker"] == "caller" else 1
                assert np.abs(samples[round(start * RATE) : round(end * RATE), leg]).max() > 500, text


@pytest.mark.parametrize(("wanted", "start", "stop"), [("bytes=0-99", 0, 100), ("bytes=70000-", 70000, None)])
async def test_ranges(site: PlayerSite, wanted: str, start: int, stop: int | None) -> None:
    _, hearing, _ = await site.ask("POST", "recordings/rec-1/hear")
    path = hearing["address"].removeprefix("/records/api/")
    _, whole, _ = await site.ask("GET", path)
    status, part, headers = await site.ask("GET", path, headers={"Range": wanted})
    assert status == 206
    assert part == whole[start:stop]
    assert headers["Content-Range"] == f"bytes {start}-{(stop or len(whole)) - 1}/{len(whole)}"
    status, _, headers = await site.ask("GET", path, headers={"Range": f"bytes={len(whole)}-"})
    assert (status, headers["Content-Range"]) == (416, f"bytes */{len(whole)}")


async def test_who_may(site: PlayerSite) -> None:
    for who, status, count, hidden in (("agent", 200, 1, 0), ("second", 200, 0, 1), ("supervisor", 200, 1, 0)):
        got, found, _ = await site.ask("GET", f"recordings?call={CALL}", by=who)
        assert (got, len(found["recordings"]), found["hidden"]) == (status, count, hidden)
        _, newest, _ = await site.ask("GET", "recordings", by=who)
        assert len(newest["recordings"]) == count
    seen = [(note.who, note.deed, note.thing, note.detail) for note in site.notes.kept]
    assert seen == [(who, "saw", "recording", "list") for who in ("agent", "second", "supervisor")]
    site.notes.kept.clear()
    for path in ("recordings/rec-1", "recordings/rec-1/peaks"):
        assert (await site.ask("GET", path, by="second"))[0] == 403
        assert (await site.ask("GET", path, by="editor"))[0] == 403
    assert (await site.ask("POST", "recordings/rec-1/hear", by="second"))[0] == 403
    assert (await site.ask("GET", "recordings/rec-9", by="supervisor"))[0] == 404
    assert not site.notes.kept
    assert (await site.ask("POST", "recordings/rec-1/hear", headers={"Origin": "http://evil.example"}))[0] == 403


async def test_the_list_says_of_which_contact_to_those_who_may_read_it(site: PlayerSite) -> None:
    record = ContactRecord(
        contact_id=CALL,
        at=site.recording.started,
        agent_id="agent",
        last4="5678",
        written=Wording(category="민원>여권"),
    )
    number = (await site.store.contacts.draft(record)).number
    _, found, _ = await site.ask("GET", "recordings")
    about = {"number": number, "category": "민원>여권", "last4": "5678", "readable": True}
    assert found["recordings"][0]["about"] == about
    await site.store.contacts.draft(replace(record, agent_id="second"))
    _, found, _ = await site.ask("GET", "recordings")
    assert found["recordings"][0]["about"] is None, "she was heard in it, but the contact is a colleague's"


async def test_a_download_needs_a_reason_and_is_noted(site: PlayerSite) -> None:
    path = "recordings/rec-1/download"
    status, refused, _ = await site.ask("POST", path, {"reason": "재판"})
    assert (status, refused["code"]) == (403, "not_allowed")
    status, refused, _ = await site.ask("POST", path, {"reason": "  "}, by="supervisor")
    assert (status, refused["code"]) == (400, "no_reason")
    assert not site.notes.kept
    status, sound, headers = await site.ask("POST", path, {"reason": "경찰 수사 협조"}, by="supervisor")
    assert status == 200
    assert hashlib.sha256(sound).hexdigest() == site.recording.sha256
    assert headers["Content-Disposition"] == 'attachment; filename="20261126-050302-rec-1.flac"'
    [note] = site.notes.kept
    assert (note.who, note.deed, note.reason) == ("supervisor", "exported", "경찰 수사 협조")


async def test_what_cannot_be_noted_is_not_heard(site: PlayerSite, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_note: object) -> None:
        raise StoreFault("the database is away")

    monkeypatch.setattr(site.notes, "note", broken)
    assert (await site.ask("POST", "recordings/rec-1/hear"))[0] == 503
    assert (await site.ask("POST", "recordings/rec-1/download", {"reason": "재판"}, by="supervisor"))[0] == 503


async def test_a_file_that_was_changed_or_is_gone_is_said(site: PlayerSite) -> None:
    path = site.shelf.folder / site.recording.file
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    _, hearing, _ = await site.ask("POST", "recordings/rec-1/hear")
    address = hearing["address"].removeprefix("/records/api/")
    size = site.recording.audio_size
    status, said, _ = await site.ask("GET", address, headers={"Range": f"bytes={size // 2}-"})
    assert (status, said["code"]) == (409, "unreadable")
    assert said["message"].startswith("녹음 파일이 바뀌었거나")
    path.unlink()
    status, said, _ = await site.ask("GET", address)
    assert said["message"].startswith("녹음 파일을 읽을 수 없습니다")
