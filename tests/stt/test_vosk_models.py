"""Vosk models as users have them: 8 and 16 kHz, with and without i-vectors, fixed and look-ahead graphs, broken ones.

(Fixed against look-ahead graphs: tests/models/kaldi/test_folder.py.)
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from core.config import SttConfig
from core.errors import BadInput, ModelFault
from models import shelf
from stt import decode_link, memory
from stt.contract import Hypothesis
from stt.decode_pool import DecodePool
from stt.trial import texts
from stt.vosk_engine import VoskRecognizer
from tests.fakes import vosk_variants
from tests.stt.spoken import line, pause, say

SENTENCE = "여권을 신청하려고요"
ONE = SttConfig(workers=1)


@pytest.mark.parametrize("variant", [vosk_variants.sixteen_kilohertz, vosk_variants.with_ivectors])
def test_other_forms_hear_the_same(tmp_path: Path, variant: Callable[[Path], Path]) -> None:
    """Resampled to it; with an extractor that follows the voice."""
    info = shelf.find(str(variant(tmp_path / "model")))
    assert info.rate == (16000 if variant is vosk_variants.sixteen_kilohertz else 8000)
    clip = line(pause(0.4), say(SENTENCE), pause(0.5))
    assert texts(info.path, [clip]) == [SENTENCE]


def test_a_fixed_graph_takes_no_list_of_sentences(tmp_path: Path) -> None:
    """libvosk would only warn, and hear anything."""
    folder = vosk_variants.copy(tmp_path / "model")
    (folder / "graph/HCLG.fst").write_bytes((folder / "graph/Gr.fst").read_bytes())
    with pytest.raises(BadInput, match="one fixed graph"):
        VoskRecognizer(shelf.find(str(folder))).session(["네"])


def test_a_model_without_a_list_of_its_words_takes_sentences(tmp_path: Path) -> None:
    """Vosk's small models have their words in the graph, flat ones have words.txt elsewhere: libvosk is asked."""
    recognizer = VoskRecognizer(shelf.find(str(vosk_variants.copy(tmp_path / "model"))))
    (tmp_path / "model/graph/words.txt").unlink()
    assert recognizer.session(["네", "아니요"]).finish().text == ""
    with pytest.raises(BadInput, match="does not know 1 words of the grammar: yes"):
        recognizer.session(["yes"])


def test_a_list_with_words_that_the_model_lacks() -> None:
    """Our own model spells them in syllables; what it can't spell is named."""
    recognizer = VoskRecognizer(shelf.find())
    session = recognizer.session(["초롱별빛과 연결해 주세요", "네"])
    session.accept(line(pause(0.4), say("초롱별빛과 연결해 주세요"), pause(0.5)))
    final = session.finish()
    assert (final.text, final.words[0].text) == ("초롱별빛과 연결해 주세요", "초롱별빛과")
    with pytest.raises(BadInput, match="does not know 1 words of the grammar: yes"):
        recognizer.session(["yes"])


async def test_a_pool_tells_why_a_model_takes_no_list(model: shelf.ModelInfo) -> None:
    """Before anybody speaks; an utterance that is begun all the same hears nothing, and ends when it is over."""
    troubles: list[str] = []
    finals: list[Hypothesis] = []
    async with DecodePool(model, ONE, on_trouble=troubles.append) as pool:
        await pool.takes(["네", "아니요"])
        assert troubles == []
        with pytest.raises(BadInput, match="does not know"):
            await pool.takes(["yes"])
        utterance = pool.utterance(on_partial=lambda text: None, on_final=finals.append, grammar=["yes"])
        utterance.feed(line(say(SENTENCE)))
        while len(troubles) < 2:  # noqa: ASYNC110 - the worker's answer has no event for us
            await asyncio.sleep(0.01)
        assert finals == []
        utterance.finish()
        assert finals == [Hypothesis(text="", final=True)]
        assert pool.state().workers[0].open == 0


async def test_a_model_that_aborts_when_it_decodes_is_said_at_the_start(tmp_path: Path) -> None:
    """Not with the first caller: the worker tries its model, and dies of it."""
    info = shelf.find(str(vosk_variants.with_half_a_graph(tmp_path / "model")))
    with pytest.raises(
        ModelFault, match=r"was ended by signal (6|11) while it loaded .* do not belong together"
    ) as caught:
        await decode_link.DecodeLink.start(info)
    assert "\n" not in str(caught.value)


async def test_a_pool_that_does_not_fit_into_memory_starts_nothing(
    model: shelf.ModelInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused with the figures."""
    monkeypatch.setattr(memory, "free_mb", lambda: 400)
    with pytest.raises(ModelFault, match=r"set \[stt\] workers = 2"):
        async with DecodePool(model, SttConfig(workers=3)):
            pass


async def test_loading_is_told(model: shelf.ModelInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every few seconds, with how much of it is in memory."""
    told: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(decode_link, "TELL_S", 0.02)
    monkeypatch.setattr(decode_link.log, "info", lambda event, **about: told.append((event, about)))
    link = await decode_link.DecodeLink.start(model)
    await link.close()
    event, about = told[-1]
    assert event == "decode_worker.loading"
    assert about["model_mb"] == model.size >> 20
    assert about["pid"] == link.pid
