"""``minwon models tune --resume``: what was begun goes on, or one line says what is missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.errors import BadInput, MinwonError, ModelFault
from core.home import open_home
from server.tuning import Wanted, run

pytest.importorskip("jax", reason="minwon[training] is not installed")

from models.training.people.finetune import Recipe
from models.training.people.options import Options, keep


def test_what_is_gone_when_a_tuning_goes_on(tmp_path: Path) -> None:
    """Text, recordings to be measured on, the base: before any step is done."""
    base, check, text = tmp_path / "base", tmp_path / "desk", tmp_path / "faq.csv"
    (base / "source").mkdir(parents=True)
    (base / "source/network.npz").touch()
    check.mkdir()
    text.touch()
    work = tmp_path / "work"
    recipe = Recipe()
    keep(
        Options(
            speech=tmp_path, base=base, name="t", work=work, copies=1, recipe=recipe, jobs=1, text=text, checks=(check,)
        )
    )

    def fault() -> MinwonError:
        with pytest.raises(MinwonError) as caught:
            run(Wanted(work=work, resume=True), open_home(tmp_path / "home"), print)
        assert "\n" not in str(caught.value)
        return caught.value

    text.unlink()
    assert isinstance(fault(), BadInput) and f"no file {text}" in str(fault())
    text.touch()
    check.rmdir()
    assert isinstance(fault(), BadInput) and f"no folder {check}" in str(fault())
    shutil.rmtree(base)
    assert isinstance(fault(), ModelFault) and "can't be tuned" in str(fault())
    assert [path.name for path in work.iterdir()] == ["options.json"]
