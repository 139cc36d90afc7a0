"""Every form in which recordings with transcripts come, as a tiny folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import BadInput
from core.spoken import write_wav
from models.training.people import readers
from models.training.people.clip import samples, telephone_rate

SOUND = np.arange(-800, 800, dtype=np.int16)


def wav(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_wav(path, SOUND)
    return path


def read(folder: Path) -> list[tuple[str, str, str]]:
    return [(clip.speaker, clip.name, clip.text) for clip in readers.clips(folder)]


def test_audio_beside_text(tmp_path: Path) -> None:
    """The speaker is the folder that tells people apart."""
    for speaker in ("김", "이"):
        wav(tmp_path / f"all/{speaker}/1.wav").with_suffix(".txt").write_text("안녕하세요", encoding="utf-8")
    wav(tmp_path / "all/이/no-text.wav")
    assert read(tmp_path) == [("all/김", "all/김/1", "안녕하세요"), ("all/이", "all/이/1", "안녕하세요")]


def test_kspon_speech(tmp_path: Path) -> None:
    """Headerless 16 kHz with a transcript in CP949."""
    folder = tmp_path / "KsponSpeech_01/KsponSpeech_0001"
    folder.mkdir(parents=True)
    (folder / "KsponSpeech_000001.pcm").write_bytes(SOUND.astype("<i2").tobytes() + b"\0")
    (folder / "KsponSpeech_000001.txt").write_bytes("b/ 아/ (70%)/(칠 십 퍼센트)".encode("cp949"))
    (clip,) = readers.clips(tmp_path)
    assert clip.text == "b/ 아/ (70%)/(칠 십 퍼센트)"
    sound, rate = samples(clip)
    assert (rate, len(sound)) == (16_000, 1600)
    assert len(telephone_rate(sound, rate)) == len(SOUND) // 2


def test_lines_of_clips_and_words(tmp_path: Path) -> None:
    """Pansori: a listing beside the sounds; lines without a sound are passed over."""
    for speaker in ("a", "b"):
        wav(tmp_path / f"data/{speaker}/talk/{speaker}-1.wav")
        listing = tmp_path / f"data/{speaker}/talk/{speaker}.trans.txt"
        listing.write_text(f"{speaker}-1 그렇지 않습니까\n{speaker}-2 없어요\n", encoding="utf-8")
    assert read(tmp_path) == [("data/a", "a-1", "그렇지 않습니까"), ("data/b", "b-1", "그렇지 않습니까")]


def test_calls_corrected_on_the_desk(tmp_path: Path) -> None:
    """A line an utterance, times and channel of one file a call."""
    wav(tmp_path / "calls/7.wav")
    (tmp_path / "manifest.tsv").write_text(
        "file\tspeaker\tstart\tend\tchannel\ttext\n"
        "calls/7.wav\tcaller-7\t0.05\t0.15\t0\t여보세요\n"
        "calls/7.wav\t김 상담사\t\t\t\t네 안녕하세요\n",
        encoding="utf-8",
    )
    first, second = readers.clips(tmp_path)
    assert (first.speaker, first.text, len(samples(first)[0])) == ("caller-7", "여보세요", 800)
    assert (second.channel, len(samples(second)[0])) == (-1, 1600)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("file\tspeaker\n", "first line"),
        ("file\ttext\n../other.wav\t네\n", "outside of the folder"),
        ("file\ttext\tstart\na.wav\t네\tsoon\n", "line 2: start and end"),
        ("file\ttext\n\t네\n", "line 2: has no file"),
    ],
)
def test_a_manifest_that_is_wrong(tmp_path: Path, table: str, says: str) -> None:
    """Its line is named."""
    (tmp_path / "manifest.tsv").write_text(table, encoding="utf-8")
    with pytest.raises(BadInput, match=says):
        list(readers.clips(tmp_path))


AI_HUB: list[tuple[dict[str, Any], str, tuple[str, str]]] = [
    ({"발화정보": {"stt": "네", "fileNm": "x.wav"}, "녹음자정보": {"recorderId": "r1"}}, "wav/x.wav", ("r1", "네")),
    (
        {
            "전사정보": {"LabelText": "불 켜"},
            "파일정보": {"FileName": "y.wav"},
            "화자정보": {"SpeakerName": "kim", "Gender": "F", "Age": "70", "Region": "서울"},
        },
        "원천/y.wav",
        ("kim-F-70-서울", "불 켜"),
    ),
    (
        {"dataSet": {"dialogs": [{"speaker": "1", "audioPath": "D60/talk/0001.wav", "text": "여보세요"}]}},
        "sound/D60/talk/0001.wav",
        ("label-1", "여보세요"),
    ),
    (
        {"utterance": [{"id": "u1", "start": 0.05, "end": 0.1, "form": "안녕", "speaker_id": "0001"}]},
        "label.wav",
        ("label-0001", "안녕"),
    ),
]


@pytest.mark.parametrize(("label", "sound", "expected"), AI_HUB)
def test_ai_hub(tmp_path: Path, label: dict[str, Any], sound: str, expected: tuple[str, str]) -> None:
    """Each known shape; labels with a byte order mark, audio in another archive."""
    (tmp_path / "라벨").mkdir()
    (tmp_path / "라벨/label.json").write_text("\ufeff" + json.dumps(label), encoding="utf-8")
    (tmp_path / "라벨/broken.json").write_text("{", encoding="utf-8")
    wav(tmp_path / sound)
    (clip,) = readers.clips(tmp_path)
    assert (clip.speaker, clip.text) == expected
    assert len(samples(clip)[0]) in (1600, 400)


def test_text_files_of_a_talk(tmp_path: Path) -> None:
    """KtelSpeech: the label names text files that lie beside it."""
    wav(tmp_path / "S1/0001.wav")
    (tmp_path / "S1/0001.txt").write_text("감사합니다", encoding="utf-8")
    turn = {"speaker": 2, "audioPath": "KtelSpeech/D1/S1/0001.wav", "textPath": "KtelSpeech/D1/S1/0001.txt"}
    (tmp_path / "S1/S1.json").write_text(json.dumps({"dataSet": {"dialogs": [turn]}}), encoding="utf-8")
    (clip,) = readers.clips(tmp_path)
    assert (clip.speaker, clip.text) == ("S1-2", "감사합니다")


def test_nothing_of_a_known_form(tmp_path: Path) -> None:
    """Advice, and a folder that is none."""
    wav(tmp_path / "1.wav")
    with pytest.raises(BadInput, match=r"lay each \.wav beside its \.txt"):
        list(readers.clips(tmp_path))
    with pytest.raises(BadInput, match="is no folder"):
        list(readers.clips(tmp_path / "1.wav"))
