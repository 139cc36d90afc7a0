"""``minwon models adapt``: a model that knows the city's own words, and what that brought."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import msgspec
import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from core.errors import MinwonError, ModelFault
from models import hot_words, vosk_files
from models.adapting.adapt import Added, adapted
from models.adapting.trying import Try, recall, tries
from models.adapting.wanted import Unusable, Wanted
from models.kaldi.folder import LEXICON
from models.korean.lexicon import lexicon
from models.shelf import ModelInfo
from models.stocking import place, sums
from models.stocking.disk import check_room
from server.city_words import CityWords
from server.measuring import channels, voices
from server.measuring.booth import Booth
from stt.trial import Trial, try_out

_SHOWN = 20
"""Lines of a list that are printed; all of them are in ``--json``."""

Steps = Callable[[str, int], Callable[[], None]]
"""A step begins, of so many parts (0 = not known): what to call after each part."""


class Adapted(msgspec.Struct, frozen=True, kw_only=True):
    """What `models adapt` did."""

    model: str
    path: str
    names: int
    """That the model did not know."""
    known: int
    unusable: tuple[Unusable, ...]
    words: int
    """In the lexicon: every name in its forms; of a sherpa-onnx model its hot words."""
    megabytes: float
    """Of the new model."""
    seconds: float
    """Without the measuring."""
    sentences: int = 0
    """Spoken to measure; 0 = not measured."""
    before: float = 0.0
    """Share of these sentences in which the old model heard the name."""
    after: float = 0.0
    not_measured: str = ""
    """Why not, where it was wanted: the model is there all the same."""


def adapt(info: ModelInfo, city: CityWords, shelf: Path, name: str, steps: Steps, *, measure: bool = True) -> Adapted:
    """Put a copy of the model with these words on the shelf under that name; the model itself stays as it is.

    Raises ``BadInput`` or ``ModelFault`` in one line: nothing to add, a model that takes no words, the name is taken.
    """
    began = time.monotonic()
    place.check_free(shelf, name)
    check_room(shelf, 2 * info.size)
    if info.engine == "sherpa":
        added, new = _with_hot_words(info, city, shelf, name)
    else:
        if not (info.path / LEXICON).is_file():
            raise ModelFault(_no_lexicon(info, city))
        added, new = _with_words(info, city, shelf, name, steps)
    done = Adapted(
        model=new.name,
        path=str(new.path),
        names=len(added.names),
        known=len(added.known),
        unusable=city.names.unusable,
        words=added.words,
        megabytes=new.size / 1e6,
        seconds=time.monotonic() - began,
    )
    if not measure or not added.names:
        return done
    said = tries(added.names)
    try:
        before, after = _heard([info, new], said, steps)
    except MinwonError as fault:
        return msgspec.structs.replace(done, not_measured=str(fault))
    return msgspec.structs.replace(done, sentences=len(said), before=recall(said, before), after=recall(said, after))


def _with_words(info: ModelInfo, city: CityWords, shelf: Path, name: str, steps: Steps) -> tuple[Added, ModelInfo]:
    with place.staging(shelf) as staged:
        added = adapted(
            info.path,
            staged / name,
            city.names.wanted,
            city.phrases,
            pronounce=lexicon,
            tell=lambda step: steps(step, 0)(),
        )
        return added, place.put(staged, shelf, name, try_out)


def _with_hot_words(info: ModelInfo, city: CityWords, shelf: Path, name: str) -> tuple[Added, ModelInfo]:
    """sherpa-onnx's transducers prefer phrases while they search; other kinds take none."""
    with place.staging(shelf) as staged:
        shutil.copytree(info.path, staged / name, ignore=shutil.ignore_patterns(sums.FILE))
        count = hot_words.write(staged / name, [wanted.text for wanted in city.names.wanted], info.kind)
        added = Added(names=city.names.wanted, known=(), words=count, pronunciations=0, arcs=0)
        return added, place.put(staged, shelf, name, try_out)


def _no_lexicon(info: ModelInfo, city: CityWords) -> str:
    """What can be done with a Vosk model that was made by somebody else, in one line."""
    why = (
        f"{info.name} brings no lexicon ({LEXICON}), for it was not made by this version of ours: no word can be added"
    )
    if not vosk_files.takes_grammars(info.path):
        return f"{why}, nor does its static graph take run-time grammars; use a model of ours, or one with HCLr.fst"
    knows = _how_many_it_knows(info.path, city.names.wanted)
    return (
        f"{why}; but it takes run-time grammars, closed lists of sentences in words that it knows{knows}: "
        "try `minwon replay --grammar`"
    )


def _how_many_it_knows(folder: Path, names: Sequence[Wanted]) -> str:
    """' (of your 2 it knows 1)'; '' of a model that does not list its words."""
    file = next(iter(folder.rglob("words.txt")), None)
    if file is None:
        return ""
    known = {line.split(" ")[0] for line in file.read_text(errors="replace").splitlines()}
    return f" (of your {len(names)} it knows {sum(all(word in known for word in name.words) for name in names)})"


def _heard(models: Sequence[ModelInfo], said: Sequence[Try], steps: Steps) -> list[list[str]]:
    """What each model hears of the sentences, in voices of espeak-ng over G.711; the models side by side."""
    steps(f"speaking {len(said)} sentences", 0)()
    spoken = Booth().speak([one.text for one in said], voices.readers("seen", len(said)))
    rng = np.random.default_rng(0)
    clips = [channels.through("g711", clip, rng).astype("<i2").tobytes() for clip in spoken]
    done = steps("hearing them, before and after", len(models) * len(clips))

    def hear(info: ModelInfo) -> list[str]:
        texts = []
        with Trial(info) as trial:
            for found in trial.decode(clips):
                texts.append(found.text)
                done()
        return texts

    with ThreadPoolExecutor(len(models)) as pool:
        return list(pool.map(hear, models))


def in_words(done: Adapted) -> str:
    """For people."""
    lines = [
        f"{done.model} is there: {done.path}",
        f"{done.names} new names ({done.known} it knew already), {done.words} words in the lexicon; "
        f"{done.megabytes:.1f} MB, made in {done.seconds:.0f} s",
    ]
    if done.unusable:
        lines.append(f"{len(done.unusable)} lines could not be used:")
        lines += [f"  line {bad.line}: {bad.text}: {bad.reason}" for bad in done.unusable[:_SHOWN]]
    if len(done.unusable) > _SHOWN:
        lines.append(f"  ... and {len(done.unusable) - _SHOWN} more: --json has them all")
    if done.sentences:
        lines.append(
            f"of {done.sentences} spoken sentences with a new name (espeak-ng, G.711) the name was heard in "
            f"{100 * done.before:.0f} % before, in {100 * done.after:.0f} % now"
        )
    if done.not_measured:
        lines.append(f"not measured: {done.not_measured}")
    lines.append(f'use it: [stt] model = "{done.model}"')
    return "\n".join(lines)


@contextmanager
def showing() -> Iterator[Steps]:
    """Steps on stderr: a bar with the time left on a terminal, else one line each."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    terminal = sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not terminal) as bar:

        def step(what: str, parts: int) -> Callable[[], None]:
            if not terminal:
                print(f"minwon: {what}", file=sys.stderr)
            task = bar.add_task(what, total=parts or None)
            return lambda: bar.advance(task)

        yield step
