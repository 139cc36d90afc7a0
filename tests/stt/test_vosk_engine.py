"""What is particular to Vosk; what every engine must do stands in tests/contracts/test_recognizer.py."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from core.errors import ModelFault
from models.shelf import ModelInfo
from stt.contract import Hypothesis
from stt.vosk_engine import VoskRecognizer
from tests.stt.spoken import line, pause, say


def test_text_and_words_agree(model: ModelInfo) -> None:
    """So that masking can leave words out."""
    session = VoskRecognizer(model).session()
    session.accept(line(pause(0.4), say("카드번호는 국민은행 돌봄이요"), pause(0.5)))
    final = session.finish()
    assert " ".join(word.text for word in final.words) == final.text


def test_a_model_of_another_rate_gets_its_own(model: ModelInfo) -> None:
    """The house's 8 kHz are resampled to it."""
    session = VoskRecognizer(msgspec.structs.replace(model, rate=16000)).session()
    pcm = line(pause(0.4), say("여권을 신청하려고요"), pause(0.5))
    for at in range(0, len(pcm), 1600):
        session.accept(pcm[at : at + 1600])
    final = session.finish()
    assert final.text == "여권을 신청하려고요"
    assert final.words[0].start == pytest.approx(0.4, abs=0.1)


def test_what_vosk_cannot_load_is_a_model_fault(model: ModelInfo, tmp_path: Path) -> None:
    """With advice, whatever vosk raises."""
    with pytest.raises(ModelFault, match="unpack it again"):
        VoskRecognizer(msgspec.structs.replace(model, path=tmp_path / "nothing"))


def test_a_decoder_that_served_before_hears_the_same(model: ModelInfo) -> None:
    """Words, surety and times, though Vosk itself counts time from the decoder's making."""
    recognizer = VoskRecognizer(model)

    def hear(sentence: str, by: VoskRecognizer) -> Hypothesis:
        session = by.session()
        session.accept(line(pause(0.4), say(sentence), pause(0.5)))
        return session.finish()

    sentences = ("여권을 신청하려고요", "네", "주민등록 등본을 떼려고 합니다")
    again = [hear(sentence, recognizer) for sentence in sentences]
    fresh = [hear(sentence, VoskRecognizer(model)) for sentence in sentences]
    assert [final.text for final in again] == [final.text for final in fresh]
    for used, new in zip(again, fresh, strict=True):
        assert [word.start for word in used.words] == pytest.approx([word.start for word in new.words], abs=0.001)
        assert used.words[-1].confidence == pytest.approx(new.words[-1].confidence, abs=0.01)
