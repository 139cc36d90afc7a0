"""The model card, and the check against libvosk's scores."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("jax", reason="what training needs is not installed: pip install 'minwon[training]'")

import jax

from core.errors import ModelFault
from models.kaldi.phone_loop import best_way
from models.training import net
from models.training.card import Build, Figure, Figures, card, label_sentence
from models.training.train import Trained
from models.training.verify import logits, verify


def made(*, smoke: bool = False, held_out: bool = False) -> Build:
    """Some build."""
    trained = Trained(steps=1200, hours=50.0, accuracy=0.974, accuracy_held_out=0.912)
    return Build(
        name="ko-x",
        plan="for 2 cores",
        trained=trained,
        words=90_000,
        held_out=held_out,
        smoke=smoke,
        steps=("speech: 9",),
    )


def test_people_come_first() -> None:
    """The first figure is that on real people, as it is; without one the card says that."""
    figures = Figures(
        people=(Figure(what="ko-people", value="CER 93.1 %"),), rows=(Figure(what="heldout", value="CER 1.0 %"),)
    )
    text = card(made(held_out=True), figures, {"am/final.mdl": 2_000_000})
    assert text.index("real people") < text.index("93.1 %") < text.index("1.0 %")
    assert "91.2 % in voices that it never heard" in text and "2.0 MB in all" in text
    assert "not measured here" in card(made(), Figures(), {})
    assert "sister build" in card(made(), Figures(), {})
    assert "good for nothing else" in card(made(smoke=True), Figures(), {})
    assert "does not understand people" in label_sentence(smoke=False)


def test_other_scores_than_ours_are_refused(tmp_path: Path) -> None:
    """Equal ones pass, also without the last phone that has only begun; others are told with both figures."""
    shape = net.Shape(width=8, dilations=(1,))
    params, state = net.init(jax.random.key(3), shape)
    clip = (3000 * np.sin(np.arange(6000) / 9)).astype(np.int16)
    score, phones = best_way(logits(shape, params, state, clip))

    def checked(found: float, text: str) -> int:
        def scored(folder: Path, clips: Sequence[bytes]) -> list[tuple[str, float]]:
            assert (folder / "am/final.mdl").exists() and len(clips[0]) == 2 * len(clip)
            return [(text, found)]

        return verify(shape, params, state, [clip], tmp_path, scored)[0].phones

    assert checked(score, " ".join(phones)) == len(phones)
    with pytest.raises(ModelFault, match="training reckons"):
        checked(score + 0.1, " ".join(phones))
    with pytest.raises(ModelFault, match="hears other phones"):
        checked(score, "a a a a a a a a a a")
