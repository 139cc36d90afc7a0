"""Corpora of recordings with transcripts, as a stream of clips.

One of these lies in the folder, and is known by its files (the first that fits):

* ``manifest.tsv``                the form in which calls corrected on the desk are kept; see ``manifest``
* ``*.json``                      labels of AI Hub's corpora, their audio anywhere below; see ``aihub``
* ``*.trans.txt``                 lines of "clip words ...", beside ``clip.flac``: Pansori, LibriSpeech, Zeroth
* audio beside ``.txt``           one transcript a recording; KsponSpeech's headerless ``.pcm`` (16 kHz) is of this kind

Nothing is kept in memory but the names of sound files that AI Hub's labels must be matched with.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from core.errors import BadInput
from models.training.people import aihub, manifest
from models.training.people.clip import AUDIO, Clip, raw_rate

_LISTING: Final = ".trans.txt"


def clips(folder: Path) -> Iterator[Clip]:
    """All recordings below the folder, always in the same order.

    Raises ``BadInput`` when the folder holds nothing of a known kind, or a listing can't be understood.
    """
    if not folder.is_dir():
        raise BadInput(f"{folder} is no folder; --speech names a folder of recordings with transcripts")
    if (folder / manifest.NAME).is_file():
        yield from manifest.clips(folder)
        return
    labels = next((path for path in _files(folder) if path.suffix == ".json" and aihub.known(path)), None)
    if labels is not None:
        yield from aihub.clips(_files(folder), {path.stem: path for path in _files(folder) if path.suffix in AUDIO})
        return
    found = False
    for path in _files(folder):
        for clip in _listed(folder, path) if path.name.endswith(_LISTING) else _beside(folder, path):
            found = True
            yield clip
    if not found:
        raise BadInput(
            f"{folder} holds no recordings with transcripts: lay each .wav beside its .txt, or write {manifest.NAME} "
            "(docs/tuning.md shows the forms)"
        )


def corpus_print(folder: Path) -> str:
    """A fingerprint of who says what in the recordings and of their files' sizes: other recordings, another one.

    Raises ``BadInput`` as ``clips`` does.
    """
    digest = hashlib.sha256()
    for clip in clips(folder):
        size = clip.path.stat().st_size if clip.path.is_file() else 0
        digest.update(f"{clip.name}\0{clip.speaker}\0{clip.text}\0{clip.start_s}\0{clip.end_s}\0{size}\n".encode())
    return digest.hexdigest()[:16]


def text_of(path: Path) -> str:
    """A transcript: UTF-8, or CP949 as older Korean corpora write it."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return data.decode("cp949", "replace").strip()


def _files(folder: Path) -> Iterator[Path]:
    for root, inner, names in os.walk(folder):
        inner.sort()
        yield from (Path(root, name) for name in sorted(names))


def _listed(folder: Path, listing: Path) -> Iterator[Clip]:
    speaker = _speaker(folder, listing)
    for line in text_of(listing).splitlines():
        name, _, text = line.strip().partition(" ")
        sound = next((file for suffix in AUDIO if (file := listing.with_name(name + suffix)).is_file()), None)
        if name and sound is not None:
            yield Clip(speaker=speaker, name=name, text=text, path=sound, raw_rate=raw_rate(sound))


def _beside(folder: Path, sound: Path) -> Iterator[Clip]:
    transcript = sound.with_suffix(".txt")
    if sound.suffix in AUDIO and transcript.is_file():
        name = str(sound.relative_to(folder).with_suffix(""))
        speaker = _speaker(folder, sound) or "-"
        yield Clip(speaker=speaker, name=name, text=text_of(transcript), path=sound, raw_rate=raw_rate(sound))


def _speaker(folder: Path, file: Path) -> str:
    """The folder right below the corpus that the file lies in; with one such folder only, the next below that splits.

    KsponSpeech names no speakers: its numbered folders stand for them.
    """
    inner = file.relative_to(folder).parts[:-1]
    crowd = next((k for k, part in enumerate(inner) if _siblings(folder.joinpath(*inner[:k])) > 1), None)
    return "/".join(inner if crowd is None else inner[: crowd + 1])


_counted: dict[Path, int] = {}


def _siblings(folder: Path) -> int:
    if folder not in _counted:
        _counted[folder] = sum(1 for entry in os.scandir(folder) if entry.is_dir())
    return _counted[folder]
