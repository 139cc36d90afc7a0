"""Corrected utterances as clips: what tuning reads, without what was silenced."""

from __future__ import annotations

import wave
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from core.errors import BadInput
from core.events import TranscriptFinal
from core.store.contacts import Correction
from models.training.people import manifest
from server.recording.clips import MANIFEST, export
from tests.fakes.recorded import CALL, T0, PlayerSite, script


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[PlayerSite]:
    async with PlayerSite(tmp_path / "site", "flac") as site:
        yield site


def corrections() -> list[Correction]:
    finals = [event for event in script().events if isinstance(event, TranscriptFinal)]
    return [
        Correction(
            contact_id=CALL,
            utterance=final.utterance,
            speaker=final.speaker,
            start=final.start,
            end=final.end,
            original=final.text,
            text=f"{final.text} 고침",
            by="agent",
            at=T0 + timedelta(minutes=number),
            reviewed_by="supervisor",
        )
        for number, final in enumerate(finals[:4])
    ]


class Contacts:
    """Corrections in memory, a page at a time."""

    async def corrections(self, *, before: object = None, **_how: object) -> list[Correction]:
        return [] if before is not None else corrections()


async def test_what_was_corrected_is_cut_out(tmp_path: Path, site: PlayerSite) -> None:
    folder = tmp_path / "clips"
    done = await export(folder, Contacts(), site.shelf, site.notes, by="engineer")  # type: ignore[arg-type]
    assert (done.clips, done.left_out) == (3, 1)  # the fourth holds the number
    [note] = site.notes.kept
    assert (note.who, note.deed, note.thing) == ("engineer", "exported", "recording")
    clips = list(manifest.clips(folder))
    assert [clip.text for clip in clips] == [each.text for each in corrections()[:3]]
    assert clips[0].speaker == clips[2].speaker != clips[1].speaker
    with wave.open(str(clips[1].path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        assert (file.getframerate(), file.getnchannels()) == (8000, 1)
    wanted = corrections()[1]
    assert len(samples) / 8000 == pytest.approx(wanted.end - wanted.start + 0.4, abs=0.02)
    assert np.abs(samples.astype(int)).max() > 1000
    with pytest.raises(BadInput, match="not empty"):
        await export(folder, Contacts(), site.shelf, site.notes, by="engineer")  # type: ignore[arg-type]
    assert (folder / MANIFEST).exists()
