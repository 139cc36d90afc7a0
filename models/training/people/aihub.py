"""Labels of AI Hub's speech corpora (aihub.or.kr): JSON files, apart from their audio.

Four shapes are known; a corpus with another one is named, not guessed at:

* ``발화정보``  free talk of grown-ups and the elderly: one file an utterance (``stt``, ``fileNm``;
  ``녹음자정보.recorderId``)
* ``전사정보``  commands: one file an utterance (``LabelText``; ``파일정보.FileName``; ``화자정보.SpeakerName``)
* ``dataSet``  telephone speech (KtelSpeech), customers and counsellors: one file a talk, ``dialogs`` of ``audioPath``
  and ``text``, or ``textPath`` of a file beside the label
* ``utterance``  broadcasts and the National Institute's dialogues: one file a recording, ``utterance`` of ``start``,
  ``end`` (seconds), ``form`` and ``speaker_id``; the audio has the label's name

Audio is found by its file's name anywhere below the folder, for labels and sound come in separate archives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from models.training.people.clip import Clip, raw_rate

Sounds = Mapping[str, Path]
"""Sound files by their names without ending."""


def known(path: Path) -> bool:
    """Whether the file is a label of one of these corpora."""
    return _shape(_read(path)) is not None


def clips(files: Iterable[Path], sounds: Sounds) -> Iterator[Clip]:
    """The recordings of all labels whose audio is there."""
    for path in files:
        if path.suffix != ".json":
            continue
        label = _read(path)
        shape = _shape(label)
        if shape is not None:
            yield from shape(path, label, sounds)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, OSError):
        return {}
    return found if isinstance(found, dict) else {}


def _shape(label: dict[str, Any]) -> Any:
    inner = label["document"][0] if isinstance(label.get("document"), list) and label["document"] else label
    if isinstance(label.get("발화정보"), dict):
        return _utterance
    if isinstance(label.get("전사정보"), dict):
        return _command
    if isinstance(label.get("dataSet"), dict):
        return _dialogue
    if isinstance(inner, dict) and isinstance(inner.get("utterance"), list):
        return _broadcast
    return None


def _utterance(path: Path, label: dict[str, Any], sounds: Sounds) -> Iterator[Clip]:
    said = label["발화정보"]
    speaker = str(label.get("녹음자정보", {}).get("recorderId", ""))
    yield from _found(sounds, str(said.get("fileNm") or path.name), speaker, str(said.get("stt", "")))


def _command(path: Path, label: dict[str, Any], sounds: Sounds) -> Iterator[Clip]:
    who = label.get("화자정보", {})
    # Names repeat over corpora; with age and region they hardly do.
    speaker = "-".join(str(who.get(key, "")) for key in ("SpeakerName", "Gender", "Age", "Region"))
    name = str(label.get("파일정보", {}).get("FileName") or path.name)
    yield from _found(sounds, name, speaker, str(label["전사정보"].get("LabelText", "")))


def _dialogue(path: Path, label: dict[str, Any], sounds: Sounds) -> Iterator[Clip]:
    # Names such as 0001.wav repeat over talks, so the audio is looked for in a folder of the talk's own name first.
    for turn in label["dataSet"].get("dialogs") or ():
        parts = Path(str(turn.get("audioPath", "")))
        text = str(turn.get("text") or _beside(path, str(turn.get("textPath", ""))))
        sound = _same_talk(path, parts) or sounds.get(parts.stem)
        if sound is not None:
            speaker = f"{path.stem}-{turn.get('speaker', '')}"
            yield Clip(speaker=speaker, name=str(parts), text=text, path=sound, raw_rate=raw_rate(sound))


def _broadcast(path: Path, label: dict[str, Any], sounds: Sounds) -> Iterator[Clip]:
    inner = label["document"][0] if "document" in label else label
    sound = sounds.get(path.stem)
    if sound is None:
        return
    for turn in inner["utterance"]:
        text = str(turn.get("original_form") or turn.get("form") or "")
        start, end = float(turn.get("start") or 0), float(turn.get("end") or 0)
        if end > start:
            speaker = f"{path.stem}-{turn.get('speaker_id', '')}"
            name = str(turn.get("id") or f"{path.stem}:{start:g}")
            yield Clip(
                speaker=speaker, name=name, text=text, path=sound, start_s=start, end_s=end, raw_rate=raw_rate(sound)
            )


def _found(sounds: Sounds, name: str, speaker: str, text: str) -> Iterator[Clip]:
    sound = sounds.get(Path(name).stem)
    if sound is not None:
        yield Clip(speaker=speaker, name=sound.stem, text=text, path=sound, raw_rate=raw_rate(sound))


def _same_talk(label: Path, audio: Path) -> Path | None:
    """The audio beside its label, or under the same talk's folder of the archive with the sound."""
    beside = label.with_name(audio.name)
    if beside.is_file():
        return beside
    for above in label.parents:
        if (found := above.joinpath(*audio.parts)).is_file():
            return found
        if len(audio.parts) > 1 and (found := above.joinpath(*audio.parts[1:])).is_file():
            return found
    return None


def _beside(label: Path, text_path: str) -> str:
    file = label.with_name(Path(text_path).name) if text_path else label
    if file == label or not file.is_file():
        return ""
    return file.read_text(encoding="utf-8-sig", errors="replace").strip()
