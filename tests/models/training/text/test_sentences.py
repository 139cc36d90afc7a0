"""Sentences for speech and language model: apart from the test texts, the same for a seed, all in the vocabulary."""

from __future__ import annotations

import random
import re
import tomllib
from importlib import resources
from itertools import islice
from pathlib import Path

import pytest

from models.korean.jamo import is_hangul
from models.korean.respell import respell
from models.training.text import (
    as_spoken,
    classes,
    disfluent,
    excluded,
    in_pieces,
    lm_sentences,
    spell,
    squeezed,
    training_sentences,
    vocabulary,
)
from models.training.text.__main__ import main
from models.training.text.pieces import is_piece
from models.training.text.sources import grammar


def test_the_same_seed_says_the_same() -> None:
    """And another seed something else."""
    assert training_sentences(50, 1) == training_sentences(50, 1) != training_sentences(50, 2)
    assert list(lm_sentences(50, 1)) == list(lm_sentences(50, 1))


def test_what_a_model_is_measured_on_never_comes() -> None:
    """Not the shipped test texts, not what the caller of the function names; spaces do not count."""
    said = training_sentences(3000, 4)
    assert not excluded() & set(map(squeezed, said))
    barred = said[0].replace(" ", "")
    assert barred not in set(map(squeezed, training_sentences(3000, 4, exclude=[barred])))


def test_sentences_are_hangul_with_single_spaces() -> None:
    """Numbers as they are said; no sentence comes too often."""
    said = training_sentences(3000, 6)
    assert all(is_hangul(sentence) and "  " not in sentence for sentence in said)
    assert max(said.count(sentence) for sentence in ("네", "감사합니다", said[0])) <= 3


def test_the_language_model_reads_words_and_pieces_only() -> None:
    """All of them in the lexicon, so that no sentence is cut."""
    known = vocabulary()
    tokens = {token for sentence in lm_sentences(2000, 8) for token in sentence.split()}
    assert {token for token in tokens if token not in known and not is_piece(token)} == set()


def test_pieces_make_the_word_again() -> None:
    """Particles, verbs made of nouns, endings, names, at last single syllables."""
    for word in ("책상에서만이라도", "제갈은희입니다", "쿵쾅대던데요"):
        assert "".join(spell(word)).replace("_", "") == word
    assert spell("편의점에서만") == ["편의점", "_에서만"]
    assert spell("신청하려고") == ["신청", "_하려고"]
    assert spell("고쳤는데요") == ["고쳤", "_는데요"]
    assert spell("박은희입니다") == ["박", "_은희입니다"]
    assert in_pieces("편의점에서만 고쳤는데요") == "편의점 _에서만 고쳤는데요"


def test_the_city_of_the_demo_is_known() -> None:
    """Every word of its scripted callers and agents, its departments and its streets."""
    dialogues = tomllib.loads(resources.files("server.demo").joinpath("dialogues.toml").read_text("utf-8"))
    said = {squeezed(line) for rule in ("demo_caller", "demo_agent") for line in grammar().listed(rule)} | excluded()
    for dialogue in dialogues["dialogues"]:
        for turn in dialogue["turns"]:
            text = "".join(char for char in turn["text"] if is_hangul(char) and char != " ")
            assert text in said, f"models/training/text/rules/city.txt lacks: {turn['text']}"
    city = tomllib.loads(resources.files("core.city").joinpath("hanbit.toml").read_text("utf-8"))
    assert {entry["name"] for entry in city["departments"]} <= set(classes()["department"])
    assert {entry["name"] for entry in city["streets"]} <= set(classes()["street"])
    assert {entry["name"] for entry in city["districts"]} <= set(classes()["place"])


def test_classes_are_in_the_vocabulary() -> None:
    """What adapting replaces by a city's own must be there to be replaced."""
    assert set(classes()) == {"department", "street", "place", "person"}
    assert {name for names in classes().values() for name in names} <= vocabulary()
    assert grammar().alternatives > 3000


def test_speaking_changes_sounds_not_words() -> None:
    """Plain, word by word or in phrases; as many syllables each time."""
    text = "옷 안에 있는 국물이 같이 나오면 못 해요"
    ways = {as_spoken(text, random.Random(seed)) for seed in range(60)}
    assert text in ways
    assert respell(text, joined=False) in ways
    assert len(ways) > 3
    assert {tuple(map(len, way.split())) for way in ways} == {tuple(map(len, text.split()))}


def test_hesitation_keeps_what_was_said() -> None:
    """Fillers and false starts come on top."""
    text = "여권을 잃어버렸는데 어떻게 하나요"
    for seed in range(40):
        words = iter(disfluent(text, random.Random(seed)).split())
        assert all(word in words for word in text.split())
        assert len(list(islice(words, 1))) <= 1


def test_test_texts_are_only_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Their unknown words are no business of who writes rules; those of the engineer's own file are shown."""
    own, known = tmp_path / "own.txt", tmp_path / "known.txt"
    own.write_text("뷁뷁 뷁뷁은", encoding="utf-8")
    known.write_text("네", encoding="utf-8")
    main([str(own), str(known)])
    *tests, mine, right = capsys.readouterr().out.splitlines()[-6:]
    assert [line.partition(":")[0] for line in tests] == ["heldout", "handwritten", "blind", "blind2"]
    assert all(re.fullmatch(r"\w+: [\d,]+ words, [\d.]+ % unknown", line) for line in tests)
    assert "100.0 % unknown: " in mine and "뷁" in mine
    assert right.endswith(": 1 words, 0.0 % unknown")
