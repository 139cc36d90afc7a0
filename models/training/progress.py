"""How a long piece of work is shown: bars with the time that is left on a terminal, else a plain line now and then."""

from __future__ import annotations

import time
from pathlib import Path
from types import TracebackType
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from models.training.plan import Plan
from models.training.steps import Remembered, Step

_EVERY_S: Final = 20.0
"""Between two plain lines of one step."""


class Shown:
    """An ``Audience`` on this console; use it as a context."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars: Progress | None = None
        if console.is_terminal:
            self._bars = Progress(
                TextColumn("{task.description:<10}"),
                BarColumn(),
                TextColumn("{task.percentage:>3.0f} %"),
                TimeElapsedColumn(),
                TextColumn("{task.fields[left]}"),
                console=console,
                transient=True,
            )
        self._task: TaskID | None = None
        self._step = ""
        self._began = self._said = 0.0

    def __enter__(self) -> Shown:
        if self._bars is not None:
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bars is not None:
            self._bars.stop()

    def begin(self, step: Step) -> None:
        """See ``Audience``."""
        self._step, self._began, self._said = step.name, time.monotonic(), time.monotonic()
        self._print(f"{step.name}: {step.says}; about {lasting(step.seconds)}")
        if self._bars is not None:
            self._task = self._bars.add_task(step.name, total=1.0, left="")

    def tell(self, share: float) -> None:
        """See ``Audience``."""
        gone = time.monotonic() - self._began
        left = f"{lasting(gone * (1 - share) / share)} left" if share > 0.02 else ""
        if self._bars is not None and self._task is not None:
            self._bars.update(self._task, completed=share, left=left)
        elif time.monotonic() - self._said >= _EVERY_S:
            self._said = time.monotonic()
            self._print(f"{self._step}: {100 * share:.0f} %{', ' if left else ''}{left}")

    def end(self, step: Step, memory: Remembered, *, cached: bool) -> None:
        """See ``Audience``."""
        if self._bars is not None and self._task is not None:
            self._bars.remove_task(self._task)
            self._task = None
        how = "was done already" if cached else f"took {lasting(memory.seconds)}"
        self._print(f"{step.name}: {memory.result or 'done'} ({how})")

    def _print(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)


def plan_in_words(plan: Plan, work: Path) -> str:
    """What will be done, how long each part takes, where it is kept."""
    return (
        f"The plan {plan.what}: {plan.hours:g} h of speech ({lasting(plan.speech_s)}), a network of width "
        f"{plan.recipe.shape.width} for {plan.recipe.epochs:g} epochs ({lasting(plan.network_s)}), a language model of "
        f"{plan.lm_sentences:,} sentences ({lasting(plan.ngram_s)}).\n"
        f"Steps are kept in {work}; broken off, the same command goes on."
    )


def lasting(seconds: float) -> str:
    """'40 s', '12 min', '1 h 05 min'."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02} min"
