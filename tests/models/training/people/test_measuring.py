"""The verdict on a tuned model, what is said before it starts, and the wording of its language model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.kaldi.ngram import estimated
from models.korean.lexicon import lexicon
from models.training.people import align, copies, expect, measuring, pack, wording
from models.training.people.measuring import Figures, Sayings
from models.training.people.wording import Mixture
from tests.fakes.kaldi_files import perplexity, score


@pytest.mark.parametrize(
    ("after", "synthetic", "says"),
    [(60.0, 2.4, ""), (90.0, 2.0, "heard no better"), (60.0, 2.6, "synthetic voices are heard worse")],
)
def test_refusal(after: float, synthetic: float, says: str) -> None:
    """Better on people and at most half a point worse on synthetic voices, or it is refused in words."""
    before = Figures(people={"people held out": 90.0, "other": 80.0}, synthetic=2.0)
    tuned = Figures(people={"people held out": after, "other": 70.0}, synthetic=synthetic)
    why = measuring.refusal(before, tuned)
    assert (says in why) if says else not why
    assert measuring.table(before, tuned, {"other": 91.0})[-1].endswith("91.0 % |")


def test_figures(tmp_path: Path) -> None:
    """Spaces don't count; a closed list is a set of few sentences."""
    assert measuring.error_rate(["가나 다라", "네"], ["가 나다", "네"]) == pytest.approx(20)
    each = Sayings("list", (b"", b"", b""), ("예 그래요", "아니요", "예 그래요"))
    assert each.list == ("예 그래요", "아니요")
    heard = measuring.sentences_right(tmp_path, each, lambda model, clips, grammar: ["예그래요", "", "예 그래요"])
    assert heard == pytest.approx(200 / 3)
    near = measuring.nearest_right(tmp_path, each, lambda model, clips, grammar: ["예 그레", "아이요", ""])
    assert near == pytest.approx(200 / 3)
    assert Sayings("long", (), tuple(str(at) for at in range(301))).list == ()


def test_expectations_grow_with_the_hours() -> None:
    """More hours: other words, fewer copies, more steps, more time and disk."""
    hours = (0.3, 1.0, 10.0, 100.0, 1000.0)
    assert len({expect.expectation(each) for each in hours}) == 5
    many = [copies.copies_for(each) for each in hours]
    assert many == sorted(many, reverse=True) and many[0] == 8 and many[-1] == 1
    steps = [expect.steps_for(each) for each in hours]
    assert steps == sorted(steps) and steps[1] == 4000
    small, large = (expect.cost(each, 1, 4000, 2400, jobs=2, gpu=False) for each in (1, 100))
    assert large.disk_mb > 10 * small.disk_mb / 2 and large.seconds > small.seconds
    assert expect.cost(1, 8, 4000, 2400, jobs=2, gpu=True).network_s < small.network_s


def test_wording(tmp_path: Path) -> None:
    """Words of the transcripts come with all their variants; sentences of both sides are likelier than before."""
    base = {**lexicon(["네", "여보세요", "옷"]), "_장": [("tS;", "a", "N")]}
    ngram = estimated(["네 여보세요"] * 20, base)
    transcripts = ["옷 안 사요", "옷 안 사요", "네 그래요"]
    text = tmp_path / "kb.csv"
    text.write_text("번호,내용\n1,그래요 좋아요. 그래요 3번\n2,좋아요 네\n", encoding="utf-8")
    domain = wording.domain_sentences(text)
    assert "좋아요 네" not in domain  # its number is read by nobody
    found = wording.widened_lexicon(base, wording.words_of(transcripts), wording.words_of(["좋아요 네", "좋아요 어휴"]))
    assert "좋아요" in found and "어휴" not in found
    assert len(found["옷"]) > len(base["옷"])
    mixed = wording.widened_ngram(ngram, transcripts, ["좋아요 네"], found, Mixture())
    assert perplexity(mixed, ["옷 안 사요"]) < 20
    assert perplexity(mixed, ["네 여보세요"]) < 20
    assert np.isfinite(score(mixed, ["좋아요 네"])[0])


def test_a_shard_of_which_nothing_is_of_use(tmp_path: Path) -> None:
    """Has no copies, and is in nobody's way."""
    packed, aligned = tmp_path / "00000.npz", tmp_path / "aligned"
    aligned.mkdir()
    pack.write(packed, pack.Packed([np.zeros(8000, np.uint8)], ["네"], ["a"], ["x"]))
    align.write(aligned / packed.name, [(np.zeros(0, np.int16), np.zeros(0, np.float32), -np.inf)])
    np.save(aligned / "limit.npy", np.float32(-100))
    assert copies.make([packed], aligned, tmp_path / "copies", 2, jobs=1, tell=lambda share: None) == []
