"""Steps: done once, done anew when something changed, gone on with when broken off; and how they are shown."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

pytest.importorskip("jax", reason="what training needs is not installed: pip install 'minwon[training]'")

from core.errors import BadInput
from models.training.plan import planned
from models.training.progress import Shown, lasting, plan_in_words
from models.training.steps import Step, Tell, fingerprint, remembered, run_steps


class Counting:
    """Steps whose work is written down."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.done: list[str] = []
        self.fails = ""

    def run(self, *, seed: int = 1, source: str = "", stop_after: str = "") -> str:
        """Two steps, the second needs the first; what was shown."""
        (self.folder / "source.txt").write_text(source)
        out = io.StringIO()

        def work(name: str) -> Step:
            def act(folder: Path, tell: Tell) -> str:
                tell(0.5)
                if name == self.fails:
                    (folder / "half").touch()
                    raise RuntimeError
                self.done.append(name)
                return f"{name} is good"

            return Step(name=name, says=f"do {name}", seconds=100, work=act)

        first = work("first")
        steps = [
            Step(name="first", says="do it", seconds=100, work=first.work, options={"seed": seed}),
            Step(
                name="second", says="then that", seconds=1, work=work("second").work, needs=("first",),
                sources=(self.folder / "source.txt",),
            ),
        ]  # fmt: skip
        with Shown(Console(file=out, width=200)) as shown:
            run_steps(steps, self.folder / "work", shown, stop_after=stop_after)
        return out.getvalue()


def test_done_once(tmp_path: Path) -> None:
    """The second time nothing is done, and said so."""
    steps = Counting(tmp_path)
    told = steps.run()
    assert steps.done == ["first", "second"]
    assert "first: do it; about 2 min" in told and "first: first is good (took 0 s)" in told
    assert "second: second is good (was done already)" in steps.run()
    assert steps.done == ["first", "second"]


def test_done_anew_when_something_changed(tmp_path: Path) -> None:
    """An option of the first changes both; a source of the second only that."""
    steps = Counting(tmp_path)
    steps.run()
    steps.run(source="other")
    assert steps.done == ["first", "second", "second"]
    steps.run(source="other", seed=2)
    assert steps.done[3:] == ["first", "second"]


def test_a_source_that_is_gone_is_told(tmp_path: Path) -> None:
    """And nothing is done."""
    step = Step(name="only", says="", seconds=1, work=lambda folder, tell: "", sources=(tmp_path / "gone.txt",))
    with pytest.raises(BadInput, match=r"no .*gone\.txt"):
        fingerprint(step, {})


def test_broken_off_and_gone_on_with(tmp_path: Path) -> None:
    """What the broken-off run left is kept for the same step, and thrown away for another."""
    steps = Counting(tmp_path)
    steps.fails = "second"
    with pytest.raises(RuntimeError):
        steps.run()
    half = tmp_path / "work/second/half"
    assert half.exists()
    steps.fails = ""
    steps.run()
    assert steps.done == ["first", "second"] and half.exists()
    steps.run(source="other")
    assert not half.exists()


def test_stop_after(tmp_path: Path) -> None:
    """The rest is left; an unknown name is refused with the names that there are."""
    steps = Counting(tmp_path)
    steps.run(stop_after="first")
    assert steps.done == ["first"]
    assert remembered(tmp_path / "work/second") is None
    with pytest.raises(BadInput, match="steps are: first, second"):
        steps.run(stop_after="third")


def test_times_in_words() -> None:
    """Seconds, minutes, hours."""
    assert [lasting(seconds) for seconds in (40, 300, 7500)] == ["40 s", "5 min", "2 h 05 min"]


def test_plans() -> None:
    """Two cores stay under 90 minutes, a smoke build under four; options win over the plan."""
    full = planned(cores=2)
    assert full.speech_s + full.network_s + full.ngram_s < 80 * 60
    smoke = planned(cores=2, smoke=True)
    assert smoke.speech_s + smoke.network_s + smoke.ngram_s < 100
    gpu = planned(cores=16, gpu=True)
    assert gpu.hours > full.hours and gpu.network_s < full.network_s / 10
    mine = planned(cores=4, hours=2, epochs=3, width=64, jobs=3, hold_out_voices=True, seed=9)
    assert (mine.hours, mine.recipe.epochs, mine.recipe.shape.width, mine.jobs) == (2, 3, 64, 3)
    assert mine.recipe.hold_out_voices and mine.recipe.seed == 9
    assert "2 h of speech" in plan_in_words(mine, Path("work"))
    with pytest.raises(BadInput, match="above 0"):
        planned(cores=2, hours=-1)
