"""Recordings, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from core.store.contract import Store
from core.store.recordings import Evidence, Recording, Silence

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def a_recording(recording_id: str = "rec-1", **more: object) -> Recording:
    known = {
        "call_id": "c1",
        "agents": ("kim", "lee"),
        "started": T0,
        "offset_s": 4.2,
        "seconds": 61.5,
        "content": "audio/flac",
        "file": f"2026/03/02/{recording_id}.mrec",
        "size": 1000,
        "audio_size": 900,
        "sha256": "ab" * 32,
        "wrapped_key": b"\x00\x01wrapped",
        "key_id": "k1",
        "silences": (Silence(start=1, end=2.5, why="number"),),
        "evidence": (Evidence(alert_id="alert-1", kind="abuse", start=3, end=4, sha256="cd" * 32),),
    }
    return Recording(recording_id=recording_id, **{**known, **more})  # type: ignore[arg-type]


async def test_one_comes_back_as_it_was(store: Store) -> None:
    one = a_recording(broken="disk_full", unscreened=True, why="agent", by="kim")
    await store.recordings.put(one)
    assert await store.recordings.recording("rec-1") == one
    longer = replace(one, seconds=90.0, size=5_000_000_000)
    await store.recordings.put(longer)
    assert await store.recordings.recording("rec-1") == longer
    assert await store.recordings.recording("rec-2") is None
    assert await store.recordings.kept(["rec-2", "rec-1"]) == {"rec-1"}
    assert await store.recordings.kept([]) == set()


async def test_of_a_call_and_before_a_moment(store: Store) -> None:
    late = a_recording("rec-0", started=T0 + timedelta(minutes=3))
    other = a_recording("rec-2", call_id="c2", started=T0 - timedelta(days=400))
    for one in (late, a_recording(), other):
        await store.recordings.put(one)
    assert [one.recording_id for one in await store.recordings.of_call("c1")] == ["rec-1", "rec-0"]
    assert [one.recording_id for one in await store.recordings.before(T0, limit=9)] == ["rec-2"]
    assert [one.recording_id for one in await store.recordings.before(T0 + timedelta(days=1), limit=2)] == [
        "rec-2",
        "rec-1",
    ]
    assert [one.recording_id for one in await store.recordings.newest(limit=2)] == ["rec-0", "rec-1"]
    assert [one.recording_id for one in await store.recordings.newest(before=T0)] == ["rec-2"]
    assert await store.recordings.total_size() == 3000


async def test_rotation_leaves_the_rest_alone(store: Store) -> None:
    for number in range(3):
        await store.recordings.put(a_recording(f"rec-{number}", key_id="k1" if number else "k2"))
    old = await store.recordings.under_other_keys("k2", limit=9)
    assert [one.recording_id for one in old] == ["rec-1", "rec-2"]
    await store.recordings.drop("rec-2")
    await store.recordings.rewrap([replace(one, wrapped_key=b"new", key_id="k2", seconds=0) for one in old])
    assert await store.recordings.under_other_keys("k2", limit=9) == []
    assert await store.recordings.recording("rec-1") == a_recording("rec-1", wrapped_key=b"new", key_id="k2")
    assert await store.recordings.recording("rec-2") is None


async def test_dropped_is_gone(store: Store) -> None:
    await store.recordings.put(a_recording())
    assert await store.recordings.drop("rec-1")
    assert not await store.recordings.drop("rec-1")
    assert await store.recordings.of_call("c1") == []
    assert await store.recordings.total_size() == 0
