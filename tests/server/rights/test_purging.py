"""The purge of a whole home: nothing past its term is found anywhere, what is held is whole, and it goes on."""

from __future__ import annotations

import asyncio
import os
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
import pytest
from msgspec.structs import replace

from core.audit import Note
from core.errors import BadInput, Refused, StoreFault
from core.events import RecordDraft, TextReceived
from core.store.contacts import Correction
from core.store.recordings import Recording
from core.store.rights import LegalHold, PurgeReport, Subject
from records.rights.asked import Asked
from server.rights import purging
from server.rights.purging import Purging
from tests.fakes.records import NUMBER
from tests.fakes.records_site import AGENTS
from tests.fakes.rights_site import RightsSite

SAID: Final = "우리 집 대문 비밀번호를 바꾸고 싶은데요"
NEED: Final = "초인종이 고장 났다고 신고합니다"
OTHER: Final = "01099998888"
DRAFT: Final = RecordDraft(category="생활>폐기물", sure=0.8, need=NEED, answer=NEED)
LONG_AGO: Final = 4000
"""Days: past every term."""


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[RightsSite]:
    async with RightsSite(tmp_path) as opened:
        opened.records.at = datetime.now(UTC)
        yield opened


async def old_call(site: RightsSite, contact_id: str, number: str = NUMBER, days: float = LONG_AGO) -> Recording:
    """A call with words, a record, a correction, a picture and a recording."""
    at = site.records.at - timedelta(days=days)
    await site.records.call(contact_id, agent=AGENTS["agent"], number=number, draft=DRAFT, said=SAID, days_ago=days)
    while not await site.records.told(contact_id):  # noqa: ASYNC110 - it is said on the line, which numbers by hand here
        await asyncio.sleep(0.005)
    photo = f"{contact_id:_<22}"
    await site.records.say(contact_id, TextReceived(at=at, text_id=f"t-{contact_id}", text=SAID, photos=(photo,)))
    await site.store.contacts.put_correction(
        Correction(contact_id=contact_id, utterance="caller-1", speaker="caller", start=0, end=1, original=SAID,
                   text=SAID, by="agent", at=at)
    )  # fmt: skip
    recording = Recording(
        recording_id=f"rec-{contact_id}", call_id=contact_id, started=at, offset_s=0, seconds=3, content="audio/flac",
        file=f"rec-{contact_id}.mrec", size=len(SAID.encode()), audio_size=1, sha256="", wrapped_key=b"k", key_id="k1",
    )  # fmt: skip
    await site.store.recordings.put(recording)
    for file in (site.shelf.folder / recording.file, site.home.root / "uploads" / f"{photo}.jpg"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(SAID)
        past = (datetime.now(UTC) - timedelta(days=days)).timestamp()
        os.utime(file, (past, past))
    return recording


def found(site: RightsSite, *planted: str) -> list[str]:
    """Where in the home one of these still stands: files and the database's own pages."""
    needles = [each.encode() for each in planted] + [msgspec.json.encode(each)[1:-1] for each in planted]
    return [
        str(file.relative_to(site.home.root))
        for file in site.home.root.rglob("*")
        if file.is_file() and any(needle in file.read_bytes() for needle in needles)
    ]


async def purge(site: RightsSite, **how: bool) -> PurgeReport:
    return await site.parts.purging.purge(by="han", **how)


def counts(report: PurgeReport) -> dict[str, tuple[int, int]]:
    return {each.kind: (each.gone, each.held) for each in report.kinds}


async def test_after_a_purge_nothing_past_its_term_is_found_anywhere(site: RightsSite) -> None:
    await old_call(site, "c1")
    await site.records.call("new", agent=AGENTS["agent"], number=OTHER, days_ago=1)
    assert found(site, SAID)
    dry = await purge(site, dry=True)
    assert found(site, SAID)
    report = await purge(site)
    for kind, one in {"audio": (1, 0), "words": (1, 0), "texts": (1, 0), "records": (1, 0), "facts": (1, 0)}.items():
        assert counts(dry)[kind] == counts(report)[kind] == one
    assert counts(report)["pictures"] == (1, 0)
    assert found(site, SAID, NEED, NUMBER) == []
    assert await site.store.events("new") != []
    kept = await site.store.rights.reports()
    assert [(each.state, each.dry, each.by) for each in kept] == [("done", False, "han"), ("done", True, "han")]
    assert [line.note.thing for line in await site.store.audit.walk() if line.note.deed == "deleted"] == ["retention"]
    assert counts(await purge(site))["facts"] == (0, 0)


async def test_what_is_held_stays_whole_and_the_rest_goes(site: RightsSite) -> None:
    recording = await old_call(site, "c1")
    await old_call(site, "c2", OTHER)
    before = await site.store.events("c1")
    held = LegalHold(
        hold_id="h", title="2026가합1", subjects=(Subject(kind="contact", id="c1"),), reason="소송", by="han",
        at=before[0].at,
    )  # fmt: skip
    await site.store.rights.put_hold(held)
    report = await purge(site)
    assert counts(report)["audio"] == counts(report)["facts"] == (1, 1)
    assert await site.store.events("c1") == before
    assert (site.shelf.folder / recording.file).exists()
    assert (site.home.root / "uploads" / f"{'c1':_<22}.jpg").exists()
    assert await site.store.contacts.record("c1") is not None
    assert await site.store.events("c2") == []

    asked = Asked(number=NUMBER, by="han", reason="삭제 요구", identity="신분증 확인")
    gone = await site.parts.people.delete(asked)
    assert (gone.contacts, gone.held, gone.held_by) == (0, ("c1",), ("2026가합1",))
    assert await site.store.events("c1") == before

    await site.store.rights.put_hold(replace(held, ended_by="han", ended_at=datetime.now(UTC)))
    gone = await site.parts.people.delete(asked)
    assert (gone.contacts, gone.recordings, gone.pictures) == (1, 1, 1)
    assert found(site, SAID, NEED, NUMBER) == []
    assert len(await site.store.events("c1")) == len(before)  # its figures can be counted again


async def test_one_persons_data_goes_into_a_file_that_people_can_read(site: RightsSite, tmp_path: Path) -> None:
    await old_call(site, "c1", days=1)
    await old_call(site, "c2", OTHER, days=1)
    asked = Asked(number="010-1234-5678", by="han", reason="열람 요구", identity="신분증 확인")
    file = tmp_path / "data.zip"
    assert await site.parts.people.export(asked, file) == 1
    with zipfile.ZipFile(file) as archive:
        assert sorted(archive.namelist()) == ["data.json", "index.html", f"pictures/{'c1':_<22}.jpg"]
        page, data = archive.read("index.html").decode(), msgspec.json.decode(archive.read("data.json"))
    assert SAID in page
    assert NEED in page
    assert "rec-c1" in page  # its file cannot be opened: that is told
    assert [each["contact_id"] for each in data["contacts"]] == ["c1"]
    assert OTHER not in page
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(BadInput):
        await site.parts.people.export(replace(asked, identity=""), file)
    with pytest.raises(BadInput):
        await site.parts.people.find(replace(asked, number="김하늘"))
    notes = [line.note for line in await site.store.audit.walk() if line.note.thing == "person"]
    assert [(note.deed, note.reason, note.detail) for note in notes] == [("exported", "열람 요구", "신분증 확인")]
    assert NUMBER not in str(notes)


async def test_a_purge_and_an_export_at_once_are_both_carried_through(site: RightsSite, tmp_path: Path) -> None:
    for number in range(4):
        await old_call(site, f"c{number}")
    asked = Asked(number=NUMBER, by="han", reason="열람 요구", identity="신분증 확인")
    await asyncio.gather(purge(site), site.parts.people.export(asked, tmp_path / "data.zip"))
    assert zipfile.ZipFile(tmp_path / "data.zip").testzip() is None
    assert found(site, SAID) == []


async def test_a_node_that_dies_in_it_leaves_the_rest_to_the_next(
    site: RightsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        await old_call(site, f"c{number}")
    real, calls = site.store.rights.purge_lines, 0

    async def breaks(*args: object, **more: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise StoreFault("the database has gone")
        return await real(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(site.store.rights, "purge_lines", breaks)
    with pytest.raises(StoreFault):
        await purge(site)
    (told,) = await site.store.rights.reports()
    assert (told.state, [each.kind for each in told.kinds]) == ("stopped", ["audio"])
    await purge(site)
    assert found(site, SAID, NUMBER) == []


@pytest.mark.parametrize("store", ["answers", "is locked", "says nothing"])
async def test_a_node_that_closes_right_after_its_start_is_not_held_by_the_purge(
    site: RightsSite, monkeypatch: pytest.MonkeyPatch, store: str
) -> None:
    await old_call(site, "c1")
    rights, begun, real = site.store.rights, asyncio.Event(), site.store.rights.tell_run

    async def for_ever(*_args: object, **_more: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    async def tells(report: PurgeReport) -> None:
        if store == "is locked" and report.state == "stopped":
            raise StoreFault("the database is locked")
        if store == "says nothing" and report.state == "stopped":
            await asyncio.Event().wait()
        await real(report)

    site.parts.purging.terms = replace(site.parts.purging.terms, purge=True)
    monkeypatch.setattr(purging, "SETTLE_S", 0.0)
    monkeypatch.setattr(purging, "STOP_S", 0.1 if store == "says nothing" else 5.0)
    monkeypatch.setattr(site.store.rights, "purge_lines", for_ever)
    monkeypatch.setattr(site.store.rights, "tell_run", tells)
    monkeypatch.setattr(Purging, "_is_due", lambda _self: asyncio.sleep(0, True))
    running = asyncio.create_task(site.parts.purging.run())
    await begun.wait()
    running.cancel()
    await asyncio.wait([running])
    assert running.cancelled()
    assert [each.state for each in await rights.reports()] == ["stopped" if store == "answers" else "running"]
    await site.store.audit.note(Note(who="han", deed="saw", thing="wall"))  # it holds the store no more


async def test_one_that_is_stopped_before_its_first_step_says_so(
    site: RightsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(site.store.audit, "note", lambda _note: _raise(StoreFault("the database is locked")))
        with pytest.raises(StoreFault):
            await purge(site)
    assert [each.state for each in await site.store.rights.reports()] == ["stopped"]
    assert (await purge(site)).state == "done"


async def _raise(fault: Exception) -> None:
    raise fault


async def test_two_at_once_and_a_clock_that_jumped_are_refused(site: RightsSite) -> None:
    await site.store.audit.note(Note(who="han", deed="saw", thing="wall"))
    done = await asyncio.gather(purge(site), purge(site), return_exceptions=True)
    assert sorted(type(each).__name__ for each in done) == ["PurgeReport", "Refused"]
    ours = site.parts.purging
    for days, refused in ((60, True), (-60, False)):
        at = datetime.now(UTC) + timedelta(days=days)
        other = Purging(
            site.store, ours.terms, site.shelf, ours._pictures, site.parts.seal,
            key=ours._key, zone=ours.zone, clock=lambda at=at: at,
        )  # fmt: skip
        if refused:
            with pytest.raises(Refused, match="clock"):
                await other.purge(by="han")
        assert (await other.purge(by="han", clock_is_right=True)).state == "done"
