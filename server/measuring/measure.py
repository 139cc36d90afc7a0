"""Measures a model: tasks in, scores out. A child process decodes (``stt.trial``), one for each of ``trials``.

```python
found = measured(shelf.find(), [Task(set="sealed"), Task(set="heldout", channel="street-10")])
found.score(Task(set="sealed")).cer
```
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import msgspec
import numpy as np

from models.korean.respell import respell
from models.shelf import ModelInfo
from server.measuring import channels, sets, voices
from server.measuring.booth import Booth
from server.measuring.scores import Score, score
from stt.trial import Trial

_SEED: Final = 977
Tell = Callable[[str], None]


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One set, in some voices, over one channel."""

    set: str = "heldout"
    """See ``sets.py``."""
    voices: str = "held out"
    """'held out', 'seen', or one variant of espeak-ng at three speeds."""
    channel: str = "g711"
    """See ``channels.py``."""
    respelled: bool = False
    """Read as people pronounce it, linked across words (``models.korean.respell``), not as espeak-ng does."""
    limit: int = 0
    """Only the first so many sentences; 0 = all."""

    def __str__(self) -> str:
        said = ", as people pronounce" if self.respelled else ""
        return f"{self.set}, voices {self.voices or 'plain'}, {self.channel}{said}"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a task."""

    task: Task
    score: Score
    audio_s: float
    cpu_s: float
    """Of the child, all its threads."""

    @property
    def rtf(self) -> float:
        """Real-time factor: of one core, while somebody speaks."""
        return self.cpu_s / self.audio_s if self.audio_s else 0.0


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What came of all tasks."""

    model: str
    rows: tuple[Row, ...]
    """In the order of the tasks."""
    load_s: float
    memory_mb: int
    """Resident, of a child after its last clip; the largest where there were several."""

    def score(self, task: Task) -> Score:
        """That task's score."""
        return next(row.score for row in self.rows if row.task == task)

    def together(self, tasks: Iterable[Task]) -> Score:
        """Those tasks' scores, added."""
        return sum((self.score(task) for task in tasks), Score())


def measured(
    model: ModelInfo, tasks: Sequence[Task], *, booth: Booth | None = None, trials: int = 1, tell: Tell = lambda _: None
) -> Measured:
    """All tasks, dealt out to so many child processes. Waits; not for an event loop.

    Raises ``BadInput`` for a task that can't be done, ``ModelFault`` if the model can't be loaded or run,
    ``EnvironmentFault`` without espeak-ng.
    """
    for task in tasks:
        channels.check(task.channel)
        voices.named(task.voices)
        sets.load(task.set)
    waiting = deque(enumerate(tasks))
    shared = booth or Booth()

    def work() -> tuple[dict[int, Row], float, int]:
        rows: dict[int, Row] = {}
        try:
            with Trial(model) as trial:
                memory = trial.loaded_mb
                while (following := _next(waiting)) is not None:
                    number, task = following
                    tell(f"{task} ({number + 1} of {len(tasks)})")
                    rows[number], memory = _row(task, trial, shared)
                return rows, trial.load_s, memory
        except BaseException:
            waiting.clear()  # the others need not go on
            raise

    count = max(1, min(trials, len(tasks)))
    with ThreadPoolExecutor(count) as pool:
        done = [each.result() for each in [pool.submit(work) for _ in range(count)]]
    rows = {number: row for found, _, _ in done for number, row in found.items()}
    return Measured(
        model=model.name,
        rows=tuple(rows[number] for number in range(len(tasks))),
        load_s=min(load_s for _, load_s, _ in done),
        memory_mb=max(memory for _, _, memory in done),
    )


def cores() -> int:
    """How many trials at once keep this machine busy."""
    return len(os.sched_getaffinity(0))


def _next(waiting: deque[tuple[int, Task]]) -> tuple[int, Task] | None:
    """The next task, for one of several threads; None when there is no more."""
    try:
        return waiting.popleft()
    except IndexError:
        return None


def _row(task: Task, trial: Trial, booth: Booth) -> tuple[Row, int]:
    texts = sets.load(task.set).sentences[: task.limit or None]
    spoken = [respell(text) for text in texts] if task.respelled else texts
    clips = (
        channels.through(task.channel, clip, np.random.default_rng([_SEED, number])).astype("<i2").tobytes()
        for number, clip in enumerate(booth.speak(spoken, voices.readers(task.voices, len(texts))))
    )
    found = list(trial.decode(clips))
    return (
        Row(
            task=task,
            score=score((said, each.text) for said, each in zip(texts, found, strict=True)),
            audio_s=sum(each.audio_s for each in found),
            cpu_s=sum(each.cpu_s for each in found),
        ),
        max(each.resident_mb for each in found),
    )
