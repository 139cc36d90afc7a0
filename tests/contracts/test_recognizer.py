"""What every engine must do: one suite, each engine a parameter."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import BadInput
from models import shelf
from stt import engines
from stt.contract import Hypothesis, Recognizer
from tests.stt.spoken import bare, line, pause, say


def _vosk(_: Path) -> Recognizer:
    return engines.load(shelf.find())


def _sherpa(_: Path) -> Recognizer:
    """Streaming, in batches."""
    return engines.load(_bundled_sherpa())


def _sherpa_whole(folder: Path) -> Recognizer:
    """The same network in the form for whole utterances."""
    network = _network()
    from tests.fakes import whole_utterances

    return engines.load(shelf.find(str(whole_utterances.hearing(folder, network))))


def _sherpa_transducer(folder: Path) -> Recognizer:
    """The same network as a streaming transducer."""
    network = _network()
    from tests.fakes import small_transducer

    return engines.load(shelf.find(str(small_transducer.hearing(folder, network))))


def _bundled_sherpa() -> shelf.ModelInfo:
    pytest.importorskip("sherpa_onnx", reason="the second engine is not installed: pip install 'minwon[sherpa]'")
    return shelf.find(shelf.BUNDLED_SHERPA)


def _network() -> bytes:
    """Its file, where there is what other forms are made of it with."""
    pytest.importorskip("onnx", reason="what training needs is not installed: pip install 'minwon[training]'")
    return (_bundled_sherpa().path / "model.onnx").read_bytes()


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(_vosk, id="vosk"),
        pytest.param(_sherpa, id="sherpa"),
        pytest.param(_sherpa_whole, id="sherpa-whole"),
        pytest.param(_sherpa_transducer, id="sherpa-transducer"),
    ],
)
def recognizer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Recognizer:
    """A loaded engine."""
    load: Callable[[Path], Recognizer] = request.param
    return load(tmp_path_factory.mktemp("model"))


def decode(recognizer: Recognizer, pcm: bytes, step: int = 1600) -> tuple[list[Hypothesis], Hypothesis]:
    """Partials and the final."""
    session = recognizer.session()
    partials = [found for at in range(0, len(pcm), step) if (found := session.accept(pcm[at : at + step]))]
    return partials, session.finish()


SENTENCE = "여권을 잃어버려서 재발급 받으려고 하는데요"


@pytest.fixture(scope="module")
def sentence() -> bytes:
    """A sentence with half a second around it."""
    return line(pause(0.5), say(SENTENCE), pause(0.5))


def test_a_sentence(recognizer: Recognizer, sentence: bytes) -> None:
    """Partials that grow, then the final with words in order, inside the audio."""
    partials, final = decode(recognizer, sentence)
    assert final.final
    assert bare(final.text) == bare(SENTENCE)
    assert partials
    assert not any(partial.final for partial in partials)
    assert all(a.text != b.text for a, b in itertools.pairwise(partials))
    times = [time for word in final.words for time in (word.start, word.end)]
    assert times == sorted(times)
    assert times[0] == pytest.approx(0.5, abs=0.15)
    assert times[-1] <= len(sentence) / 16000
    assert all(0 < word.confidence <= 1 for word in final.words)


def test_the_size_of_the_steps_does_not_matter(recognizer: Recognizer, sentence: bytes) -> None:
    """20 ms at a time or all at once."""
    assert decode(recognizer, sentence, 320)[1].text == decode(recognizer, sentence, len(sentence))[1].text


def test_sessions_do_not_disturb_each_other(recognizer: Recognizer, sentence: bytes) -> None:
    """Two legs, interleaved."""
    other = line(pause(0.5), say("아니요"), pause(0.5))
    one, two = recognizer.session(), recognizer.session()
    for at in range(0, len(sentence), 1600):
        one.accept(sentence[at : at + 1600])
        if at < len(other):
            two.accept(other[at : at + 1600])
    assert bare(two.finish().text) == "아니요"
    assert bare(one.finish().text) == bare(SENTENCE)


def test_many_are_fed_together_as_each_alone(recognizer: Recognizer, sentence: bytes) -> None:
    """Results in the order of the feeds, whatever each of them has had before."""
    other = line(pause(0.5), say("아니요"), pause(0.5))
    assert recognizer.batch >= 1
    sessions = [recognizer.session() for _ in range(3)]
    audio = [sentence, other, sentence]
    found: list[list[Hypothesis]] = [[], [], []]
    for at in range(0, len(sentence), 1600):
        fed = [number for number in (0, 1, 2) if at < len(audio[number])]
        feeds = [(sessions[number], audio[number][at : at + 1600]) for number in fed]
        for number, partial in zip(fed, recognizer.accept_many(feeds), strict=True):
            found[number] += [partial] if partial is not None else []
    assert [bare(session.finish().text) for session in sessions] == [bare(SENTENCE), "아니요", bare(SENTENCE)]
    assert found[0] == found[2] == decode(recognizer, sentence)[0]


def test_a_closed_list_of_sentences(recognizer: Recognizer, sentence: bytes) -> None:
    """One of them or nothing; an engine that can't do that says so before any audio."""
    closed = ["네", "아니요", "교통행정과 연결해 주세요"]
    try:
        session = recognizer.session(closed)
    except BadInput as refusal:
        assert "list of sentences" in str(refusal)
        return
    session.accept(line(pause(0.3), say("아니요"), pause(0.3)))
    final = session.finish()
    assert (final.text, [word.text for word in final.words]) == ("아니요", ["아니요"])
    other = recognizer.session(closed)
    other.accept(sentence)
    assert other.finish() == Hypothesis(text="", words=(), final=True)


@pytest.mark.parametrize("word", ["네", "아니요", "여보세요"])
def test_the_last_word_needs_no_silence_behind_it(recognizer: Recognizer, word: str) -> None:
    """The leg ended with it."""
    assert bare(decode(recognizer, line(pause(0.4), say(word)))[1].text) == word


@pytest.mark.parametrize("pcm", [b"", bytes(320), bytes(32000)])
def test_nothing_gives_nothing(recognizer: Recognizer, pcm: bytes) -> None:
    """No audio, a frame, two seconds of silence."""
    partials, final = decode(recognizer, pcm)
    assert [partial.text for partial in partials if partial.text] == []
    assert final == Hypothesis(text="", words=(), final=True)
