"""A model on trial: what it says, what it costs, and that nothing it does reaches us."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from core.errors import BadInput, ModelFault
from models import shelf
from models.shelf import ModelInfo
from stt.trial import Trial, texts
from tests.fakes import vosk_variants
from tests.stt.spoken import line, say

SILENCE = bytes(16000)


def test_clips_one_after_the_other(model: ModelInfo) -> None:
    """One load, clips lazily, with words and what they cost; a grammar binds where it is asked for."""
    passport, yes = line(say("여권을 다시 발급 받고 싶은데요")), line(say("네"))
    with Trial(model) as trial:
        assert trial.load_s > 0
        assert trial.loaded_mb > 20
        found = list(trial.decode([passport, b"", yes]))
        assert found[0].text.replace(" ", "") == "여권을다시발급받고싶은데요"
        assert found[0].words[0].start < 0.3
        assert found[0].confidence > 0.5
        assert 0 < found[0].cpu_s < found[0].audio_s
        assert found[0].wall_s > 0
        assert found[0].resident_mb >= trial.loaded_mb
        assert (found[1].text, found[1].words, found[1].confidence, found[1].audio_s) == ("", (), 0.0, 0.0)
        [bound] = trial.decode([yes], grammar=("네", "아니요"))
        assert bound.text == "네"
        [free] = trial.decode([passport])
        assert free.text == found[0].text
    with pytest.raises(ProcessLookupError):
        os.kill(trial.pid, 0)


def test_a_grammar_that_is_too_large(model: ModelInfo) -> None:
    """Said before it is sent; the trial goes on."""
    with Trial(model) as trial:
        with pytest.raises(BadInput, match="is too large"):
            list(trial.decode([SILENCE], grammar=tuple("가나다라마바사" for _ in range(60_000))))
        assert [found.text for found in trial.decode([SILENCE])] == [""]


def test_an_engine_that_aborts(model: ModelInfo) -> None:
    """SIGABRT in the middle of the work: one line, no exception of another kind."""
    with Trial(model) as trial:
        clips = trial.decode([SILENCE, SILENCE])
        next(clips)
        os.kill(trial.pid, signal.SIGABRT)
        with pytest.raises(ModelFault, match=r"libvosk aborted \(signal 6\) while decoding with the speech model"):
            next(clips)


def test_an_engine_that_hangs(model: ModelInfo) -> None:
    """It is given its time, then ended."""
    with pytest.raises(ModelFault, match=r"libvosk has said nothing for 0\.4 s"), Trial(model, deadline_s=0.4) as trial:
        os.kill(trial.pid, signal.SIGSTOP)
        list(trial.decode([SILENCE]))
    with pytest.raises(ProcessLookupError):
        os.kill(trial.pid, 0)


def test_graph_and_acoustic_model_that_do_not_fit(tmp_path: Path) -> None:
    """Half of the graph is zeros: libvosk takes it and dies of it."""
    broken = vosk_variants.with_half_a_graph(tmp_path / "broken")
    with pytest.raises(ModelFault, match=r"graph and acoustic model do not fit together.* libvosk aborted") as caught:
        texts(broken, [SILENCE])
    assert "\n" not in str(caught.value)


def test_features_of_another_network(tmp_path: Path) -> None:
    """Kaldi's own words are in the line."""
    broken = vosk_variants.copy(tmp_path / "broken")
    (broken / "conf/mfcc.conf").write_text("--sample-frequency=8000\n--num-ceps=13\n")
    with pytest.raises(ModelFault, match="got 13 but network expects 40"):
        texts(broken, [SILENCE])


def test_a_network_that_is_none(tmp_path: Path) -> None:
    """The engine's own refusal comes through."""
    broken = vosk_variants.copy(tmp_path / "broken")
    network = broken / "am/final.mdl"
    network.write_bytes(network.read_bytes()[:2_000_000])
    with pytest.raises(ModelFault, match="Vosk can't load the speech model"):
        texts(broken, [SILENCE])


def test_a_folder_that_is_no_model(tmp_path: Path) -> None:
    """Nothing is started."""
    with pytest.raises(ModelFault):
        texts(tmp_path, [])


def test_the_bundled_model_by_its_folder() -> None:
    """What training takes to verify what it made."""
    assert texts(shelf.find().path, [line(say("네"))], ("네", "아니요")) == ["네"]
