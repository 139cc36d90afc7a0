"""A call and its recording: both voices in one file, silent where it must be, whatever the disk does."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from core.audio import RATE
from core.config import RecordingConfig
from core.errors import Refused
from core.events import AlarmCleared, AlarmRaised, CallEnded, CallHeld, CallJoined, CallResumed, Party, RecordingChanged
from core.keyring import Keyring
from core.store.recordings import Silence
from records.recording.consent import Stage
from records.recording.spool import Sound, SpoolWriter, read_spool
from records.recording.timeline import Stereo
from server.line import Line
from server.recording.call_recording import KEY_BEFORE_S, CallRecording
from stt.contract import Heard
from tests.server.recording.stage import ALWAYS, LOUD, RecordingStage, tone

AGENT_STARTS = RecordingConfig(start="agent", codec="flac", floor_mb=50)
ASKED = RecordingConfig(start="consent", codec="flac", floor_mb=50)


def at(sound: Stereo, start: float, end: float) -> Stereo:
    return sound[round(start * RATE) : round(end * RATE)]


async def test_both_voices_in_one_file(tmp_path: Path) -> None:
    async with RecordingStage(tmp_path) as stage:
        call = await stage.talking()
        await call.say("caller", tone(3))
        await call.say("agent", tone(1, 0) + tone(2, 1000))
        [recording] = await stage.finished(call)
        sound = stage.sound(recording)
        assert recording.seconds == pytest.approx(3, abs=0.05)
        assert recording.agents == ("kim",)
        assert set(np.unique(at(sound, 0.1, 2.9)[:, 0])) == {LOUD}
        assert set(np.unique(at(sound, 1.1, 2.9)[:, 1])) == {1000}
        assert not at(sound, 0.1, 0.9)[:, 1].any()
        assert stage.shelf.verify(recording) == ""
        assert len(stage.shelf.peaks(recording)) in (2 * 60, 2 * 61)
        assert "play recording-notice" in call.done
        assert call.done.index("play recording-notice") < call.done.index("dial sip:kim kim answered")
        assert not list(stage.shelf.spool.iterdir())
        assert [event.state for event in stage.told if isinstance(event, RecordingChanged)] == ["kept"]
        assert await stage.states(2) == [("started", "rule"), ("stopped", "")]


async def test_a_number_is_silent_on_both_legs_and_the_rest_is_heard(tmp_path: Path) -> None:
    """Also the part of it that an earlier utterance held."""
    heard = [
        Heard(kind="final", utterance=1, start=2.0, end=3.0, text="팔오공삼일이"),
        Heard(
            kind="final",
            utterance=2,
            start=4.0,
            end=6.0,
            text="[주민등록번호 가림]",
            masked=("resident_number",),
            silenced=((2.0, 3.0), (4.5, 6.0)),
        ),
    ]
    for codec, loudest, settles in (("flac", 0, 0.0), ("opus", 8, 0.5)):  # Opus lets a tone ring out
        config = RecordingConfig(start="always", codec=codec, floor_mb=50)  # type: ignore[arg-type]
        async with RecordingStage(tmp_path / codec, config, heard=heard) as stage:
            call = await stage.talking()
            await call.say("caller", tone(8))
            await call.say("agent", tone(8, 1000))
            [recording] = await stage.finished(call)
            sound = stage.sound(recording).astype(int)
            assert recording.silences == (
                Silence(start=1.75, end=3.25, why="number"),
                Silence(start=4.25, end=6.25, why="number"),
            )
            for start, end in ((1.9, 3.1), (4.4, 6.1)):
                assert np.abs(at(sound, start + settles, end)).max() <= loudest
            if codec == "flac":
                for start, end in ((0, 1.7), (3.3, 4.2), (6.3, 8)):
                    assert np.abs(at(sound, start, end)[:, 0]).min() == LOUD


async def test_what_was_said_in_a_pause_is_not_even_kept(tmp_path: Path) -> None:
    async with RecordingStage(tmp_path) as stage:
        call = await stage.talking()
        await call.say("caller", tone(2))
        await stage.flow.record("pause", "kim")
        await call.say("caller", tone(2, 777))
        await stage.flow.record("resume", "kim")
        await call.say("caller", tone(2))
        with pytest.raises(Refused) as refused:
            await stage.flow.record("resume", "kim")
        assert refused.value.code == "no_step"
        await stage.over(call)
        [spool] = stage.shelf.spool.iterdir()
        entries = list(
            read_spool(spool, lambda head: stage.keyring.open(head.wrapped_key, f"spool:{head.recording_id}"))
        )
        kept = b"".join(entry.pcm for entry in entries if isinstance(entry, Sound))
        assert set(np.unique(np.frombuffer(kept, "<i2"))) == {LOUD}
        await stage.recordings.finish_all()
        [recording] = await stage.store.recordings.of_call(call.call_id)
        assert recording.seconds == pytest.approx(6, abs=0.1)
        [pause] = recording.silences
        assert (pause.why, round(pause.start), round(pause.end)) == ("paused", 2, 4)
        assert await stage.states(4) == [("started", "rule"), ("paused", ""), ("resumed", ""), ("stopped", "")]


@pytest.mark.parametrize("asides", [False, True])
async def test_on_hold_nobody_is_recorded_unless_asides_are(tmp_path: Path, asides: bool) -> None:
    config = RecordingConfig(start="always", codec="flac", floor_mb=50, asides=asides)
    async with RecordingStage(tmp_path, config) as stage:
        call = await stage.talking()
        for speaker in ("caller", "agent"):
            await call.say(speaker, tone(1))  # type: ignore[arg-type]
        await stage.flow.passing.hold(True, "kim")
        for speaker in ("caller", "agent"):
            await call.say(speaker, tone(2, 777))  # type: ignore[arg-type]
        await stage.flow.passing.hold(False, "kim")
        for speaker in ("caller", "agent"):
            await call.say(speaker, tone(1))  # type: ignore[arg-type]
        [recording] = await stage.finished(call)
        sound = stage.sound(recording)
        held = at(sound, 1.1, 2.9)
        assert not held[:, 0].any()
        assert set(np.unique(held[:, 1])) == ({777} if asides else {0})
        assert set(np.unique(at(sound, 3.1, 3.9))) == {LOUD}
        assert [part.why for part in recording.silences] == ([] if asides else ["hold"])


async def test_a_phone_that_holds_is_not_recorded_either(tmp_path: Path) -> None:
    """Its exchange plays music."""
    async with RecordingStage(tmp_path) as stage:
        call = await stage.talking()
        await call.say("agent", tone(1))
        call.party_holds("agent")
        await stage.until(CallHeld)
        await call.say("agent", tone(1, 777))
        call.party_holds("agent", False)
        await stage.until(CallResumed)
        await call.say("agent", tone(1))
        [recording] = await stage.finished(call)
        assert set(np.unique(stage.sound(recording)[:, 1])) == {0, LOUD}


async def test_keys_are_silent(tmp_path: Path) -> None:
    async with RecordingStage(tmp_path) as stage:
        call = await stage.talking()
        await call.say("caller", tone(3))
        call.press("caller", "9")
        await asyncio.sleep(0.05)
        await call.say("caller", tone(2))
        [recording] = await stage.finished(call)
        [keys] = recording.silences
        assert keys.why == "keys"
        assert keys.start == pytest.approx(3 - KEY_BEFORE_S, abs=0.03)
        assert not at(stage.sound(recording), keys.start + 0.01, keys.end - 0.01).any()


async def test_a_full_disk_stops_the_recording_and_not_the_call(tmp_path: Path) -> None:
    room = [2**40]
    async with RecordingStage(tmp_path, free=lambda _folder: room[0]) as stage:
        call = await stage.talking()
        await call.say("caller", tone(2))
        await asyncio.sleep(0.1)
        room[0] = 2**20
        stage.recordings._writer._asked_at = -10
        await call.say("caller", tone(2))
        assert await stage.states(2) == [("started", "rule"), ("failed", "disk_full")]
        assert (await stage.until(AlarmRaised)).code == "not_recorded"
        await call.say("caller", tone(1))
        with pytest.raises(Refused, match="cannot be recorded now"):
            await stage.flow.record("start", "kim")
        room[0] = 2**40
        stage.recordings._writer._asked_at = -10
        stage.recordings._writer._look()
        await stage.flow.record("start", "kim")
        assert (await stage.until(AlarmCleared)).code == "not_recorded"
        await call.say("caller", tone(1))
        recording, again = await stage.finished(call)
        assert (await stage.until(CallEnded)).reason == "caller_hung_up"
        assert recording.broken == "disk_full"
        assert recording.seconds == pytest.approx(2, abs=0.1)
        assert (again.broken, again.by) == ("", "kim")


async def test_a_disk_that_hangs_stops_the_recording_and_not_the_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    hangs = threading.Event()
    real = SpoolWriter.put
    monkeypatch.setattr(SpoolWriter, "put", lambda self, entry: (hangs.wait(5), real(self, entry)))
    async with RecordingStage(tmp_path) as stage:
        call = await stage.talking()
        await call.say("caller", tone(40))
        assert await stage.states(2) == [("started", "rule"), ("failed", "disk_slow")]
        hangs.set()
        [recording] = await stage.finished(call)
        assert recording.broken == "disk_slow"
        assert recording.seconds > 20


async def test_without_a_key_nothing_is_recorded_and_it_is_said(tmp_path: Path) -> None:
    async with RecordingStage(tmp_path, keyring=Keyring((), fault="gone")) as stage:
        call = await stage.talking()
        assert await stage.states(1) == [("failed", "no_key")]
        assert (await stage.until(AlarmRaised)).code == "not_recorded"
        await call.say("caller", tone(1))
        assert await stage.finished(call) == []


async def test_all_the_room_that_was_allowed_is_taken(tmp_path: Path) -> None:
    config = RecordingConfig(start="always", codec="flac", floor_mb=50, quota_gb=1e-8)
    async with RecordingStage(tmp_path, config) as stage:
        first = await stage.talking()
        await first.say("caller", tone(2))
        assert len(await stage.finished(first)) == 1
        await stage.recordings._look_at_quota()
        stage.kept.clear()
        await stage.dispatcher.wish("kim", "ready")
        second = await stage.talking()
        assert await stage.states(1) == [("failed", "quota")]
        assert await stage.finished(second) == []


async def test_a_node_that_adopts_a_call_goes_on_in_another_file(tmp_path: Path) -> None:
    async with RecordingStage(tmp_path) as stage:
        past = [
            RecordingChanged(call_id="scripted-1", seq=1, state="started", reason="rule", recording_id="rec-old"),
            RecordingChanged(call_id="scripted-1", seq=2, state="paused", by="kim", recording_id="rec-old"),
        ]
        recording = CallRecording(
            stage.bridge.ring(Party()), Line("scripted-1", stage.kept.append, stage.bus, past), stage.recordings
        )
        recording.adopted()
        assert recording.stage is Stage.PAUSED
        recording.wish("resume", "kim")
        assert recording.stage is Stage.RECORDING
        recording.over()
        await recording.run()
        assert await stage.states(4) == [("started", "rule"), ("paused", ""), ("resumed", ""), ("stopped", "")]


async def test_a_fault_of_ours_stays_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from server.recording.tap import Tap

    monkeypatch.setattr(Tap, "_pieces", lambda _self: 1 / 0)
    async with RecordingStage(tmp_path) as stage:
        call = await stage.talking()
        await call.say("caller", tone(2))
        assert await stage.states(2) == [("started", "rule"), ("failed", "fault")]
        await stage.finished(call)
        assert (await stage.until(CallEnded)).reason == "caller_hung_up"


@pytest.mark.parametrize(("keys", "recorded"), [("1", True), ("2", False), ("", False)])
async def test_a_caller_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: str, recorded: bool) -> None:
    monkeypatch.setattr("server.recording.consent.ANSWER_S", 0.1)
    async with RecordingStage(tmp_path, ASKED) as stage:
        call = stage.begin()
        await asyncio.wait_for(call.answered.wait(), 5)
        call.press("caller", keys)
        await stage.until(CallJoined)
        await call.say("caller", tone(1))
        found = await stage.finished(call)
        assert "play recording-consent" in call.done
        assert [one.why for one in found] == (["consent"] if recorded else [])


async def test_the_agent_starts_and_stops_and_starts_again(tmp_path: Path) -> None:
    async with RecordingStage(tmp_path, AGENT_STARTS) as stage:
        call = await stage.talking()
        await call.say("caller", tone(2, 777))
        await stage.flow.record("start", "kim")
        assert call.done[-1] == "play recording-notice"
        await call.say("caller", tone(1))
        await stage.flow.record("stop", "kim")
        await call.say("caller", tone(1, 777))
        await stage.flow.record("start", "kim")
        await call.say("caller", tone(1))
        found = await stage.finished(call)
        assert [(one.why, one.by) for one in found] == [("agent", "kim")] * 2
        for one in found:
            assert set(np.unique(stage.sound(one)[:, 0])) == {LOUD}


async def test_never_for_that_number(tmp_path: Path) -> None:
    config = RecordingConfig(start="always", never_numbers=("1393",), floor_mb=50)
    async with RecordingStage(tmp_path, config) as stage:
        call = await stage.talking("1393")
        await call.say("caller", tone(1))
        with pytest.raises(Refused) as refused:
            await stage.flow.record("start", "boss", supervisor=True)
        assert refused.value.code == "never_recorded"
        assert await stage.finished(call) == []
        assert not any("recording" in done for done in call.done)


async def test_the_next_node_finishes_what_a_killed_one_left(tmp_path: Path) -> None:
    async with RecordingStage(tmp_path) as stage:
        call = await stage.talking()
        await call.say("caller", tone(3))
        await asyncio.sleep(0.1)
        [spool] = stage.shelf.spool.iterdir()
        left = spool.read_bytes()
        await stage.over(call)
        spool.write_bytes(left[:-7])  # torn in the middle of an entry
        (stage.shelf.spool / "rec-x.spool").write_bytes(b"RIFF")
        node = stage.another_node()
        assert await node.finish_all() == 0
        [recording] = await stage.store.recordings.of_call(call.call_id)
        assert recording.seconds == pytest.approx(2, abs=0.1)
        assert [entry.name for entry in stage.shelf.spool.iterdir()] == ["rec-x.broken"]


async def test_a_call_that_runs_or_whose_words_are_not_stored_waits(tmp_path: Path) -> None:
    async with RecordingStage(tmp_path) as stage:
        call = await stage.talking()
        await call.say("caller", tone(2))
        await asyncio.sleep(0.1)
        assert await stage.another_node().finish_all() == 1
        stage.kept.clear()
        call.party_hangs_up("caller")
        await stage.until(CallEnded)
        stage.running.clear()
        await asyncio.sleep(0.05)
        assert await stage.another_node().finish_all() == 1


async def test_keys_are_rotated_and_a_recording_is_deleted_with_its_key(tmp_path: Path) -> None:
    from core.keyring import new_key
    from server.recording.shelf import RecordingShelf

    old, new = new_key(), new_key()
    async with RecordingStage(tmp_path, keyring=Keyring([old])) as stage:
        call = await stage.talking()
        await call.say("caller", tone(1))
        [recording] = await stage.finished(call)
        both = RecordingShelf(stage.shelf.folder, stage.store.recordings, Keyring([new, old]))
        assert (await both.rekey()).moved == 1
        assert (await both.rekey()).moved == 0
        alone = RecordingShelf(stage.shelf.folder, stage.store.recordings, Keyring([new]))
        [moved] = await stage.store.recordings.of_call(call.call_id)
        assert alone.verify(moved) == ""
        assert "which is not here" in alone.verify(recording)
        assert (
            await RecordingShelf(stage.shelf.folder, stage.store.recordings, Keyring([new_key()])).rekey()
        ).lost == 1
        path = stage.shelf.folder / recording.file
        assert await alone.delete(recording.recording_id)
        assert not path.exists()
        assert not await alone.delete(recording.recording_id)


async def test_a_tampered_file_is_noticed(tmp_path: Path) -> None:
    async with RecordingStage(tmp_path) as stage:
        call = await stage.talking()
        await call.say("caller", tone(5))
        [recording] = await stage.finished(call)
        path = stage.shelf.folder / recording.file
        raw = bytearray(path.read_bytes())
        raw[len(raw) // 2] ^= 1
        path.write_bytes(raw)
        assert "changed or cut off" in stage.shelf.verify(recording)
        path.unlink()
        assert "cannot read" in stage.shelf.verify(recording)


def test_defaults_are_the_careful_ones() -> None:
    assert RecordingConfig().start == "off"
    assert ALWAYS.notice
    assert not RecordingConfig().asides
