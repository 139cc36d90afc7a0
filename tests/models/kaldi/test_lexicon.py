"""The lexicon: order, numbers, files."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import BadInput, ModelFault
from models.kaldi import phones
from models.kaldi.lexicon import ordered, read_lexicon, read_vocabulary, write_lexicon

LEXICON = {"나": [("n", "a")], "가": [("k-", "a"), ("g", "a")], "아": [("a",)], "[unk]": [("n", "a")]}


def test_words_are_numbered_by_pronunciation() -> None:
    """So that words that begin alike are neighbours; a word stands where its first pronunciation does."""
    vocabulary, entries = ordered(LEXICON)
    assert vocabulary.words == ("아", "[unk]", "나", "가")
    assert [entry.word for entry in entries] == [1, 2, 3, 4, 4]
    assert vocabulary.text() == "<eps> 0\n아 1\n[unk] 2\n나 3\n가 4\n#0 5\n<s> 6\n</s> 7\n"
    assert read_vocabulary(vocabulary.text()) == vocabulary
    with pytest.raises(ModelFault, match="numbered in another way"):
        read_vocabulary("<eps> 0\n가 7\n#0 8\n<s> 9\n</s> 10\n")


def test_file(tmp_path: Path) -> None:
    """Read back, in the same order of pronunciations; anything else is one line."""
    file = tmp_path / "lexicon.tsv.xz"
    write_lexicon(file, LEXICON)
    assert read_lexicon(file) == LEXICON
    file.write_bytes(file.read_bytes()[:-5])
    with pytest.raises(ModelFault, match="can't be read as a lexicon"):
        read_lexicon(file)


@pytest.mark.parametrize(
    ("word", "pronunciation", "says"),
    [
        ("가 나", ("a",), "can't be a word"),
        ("", ("a",), "can't be a word"),
        ("<eps>", ("a",), "can't be a word"),
        ("가", ("g", "A"), "unknown phone 'A'"),
        ("가", (phones.SILENCE,), "unknown phone 'SIL'"),
        ("가", (), "is empty"),
    ],
)
def test_what_cannot_be_in_it(word: str, pronunciation: tuple[str, ...], says: str) -> None:
    """The word is named."""
    with pytest.raises(BadInput, match=says):
        ordered({word: [pronunciation]})


def test_places_in_the_word_share_their_pdfs() -> None:
    """Begin, inside, end, alone: four graph phones, one base phone."""
    begin, inside, end = phones.positioned(("a", "a", "a"))
    assert {phones.base_of(phone) for phone in (begin, inside, end, *phones.positioned(("a",)))} == {
        phones.BASE_ID["a"]
    }
    assert [phones.GRAPH_PHONES[phone - 1] for phone in (begin, inside, end)] == ["a_B", "a_I", "a_E"]
    assert phones.base_of(phones.GRAPH_ID[phones.SILENCE]) == 0
    assert [phones.base_of(number) for number in range(1, len(phones.GRAPH_PHONES) + 1)] == sorted(
        [0, *(4 * list(range(1, len(phones.BASE))))]
    )
