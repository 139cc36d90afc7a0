"""The shared prefix tree says exactly what the lexicon says, and look-ahead tables tell what may come."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from models.kaldi import phones
from models.kaldi.lexicon import Lexicon, ordered
from models.kaldi.lookahead import lookahead_bytes, word_graph
from models.kaldi.prefix_tree import Step, Tree, prefix_tree
from tests.fakes.kaldi_files import read_lookahead

PRONUNCIATION = st.lists(st.sampled_from(["a", "i", "k-"]), min_size=1, max_size=5).map(tuple)
LEXICONS = st.dictionaries(st.text("가나다라", min_size=1, max_size=3), st.lists(PRONUNCIATION, min_size=1, max_size=3))


def said(tree: Tree, steps: tuple[Step, ...]) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Every way to a word's end: phones, words written."""
    for phone, word, node in steps:
        written = (word,) if word else ()
        if node < 0:
            yield (phone,), written
        else:
            assert tree.phones[node] == phone
            for rest, later in said(tree, tree.steps[node]):
                yield (phone, *rest), written + later


@given(LEXICONS)
def test_every_pronunciation_once_and_no_other(lexicon: Lexicon) -> None:
    """Homophones, words with several pronunciations, words that begin others."""
    _, entries = ordered(lexicon)
    tree = prefix_tree(entries)
    assert sorted(said(tree, tree.root)) == sorted((entry.phones, (entry.word,)) for entry in entries)


@given(LEXICONS)
def test_no_two_nodes_are_alike(lexicon: Lexicon) -> None:
    """Whatever goes on alike is one node; and a node's number is above those of the nodes behind it."""
    tree = prefix_tree(ordered(lexicon)[1])
    assert len(set(zip(tree.phones, tree.steps, strict=True))) == len(tree.phones)
    assert all(node < own for own, steps in enumerate(tree.steps) for _, _, node in steps)


@given(LEXICONS)
def test_look_ahead_tables(lexicon: Lexicon) -> None:
    """A state's intervals hold just the words that some way from there writes first."""
    vocabulary, entries = ordered(lexicon)
    if not entries:
        return
    graph = word_graph(vocabulary, entries)
    arcs = list(zip(graph.fst.sources.tolist(), graph.fst.arcs.tolist(), strict=True))
    first: list[set[int]] = [set() if final else {graph.final_label} for final in graph.fst.finals.tolist()]
    for _ in arcs:  # until nothing changes
        for source, (_, word, _, target) in arcs:
            first[source] |= {word} if word else first[target]
    assert [{word for begin, end in intervals for word in range(begin, end)} for intervals in graph.reach] == first
    back = read_lookahead(lookahead_bytes(graph))
    assert (back.reach, back.final_label) == (graph.reach, graph.final_label)
    assert back.fst.arcs.tolist() == graph.fst.arcs.tolist()


def test_endings_are_shared() -> None:
    """'가고 나고 다고 ...': their common end is there once, so ten words more cost ten nodes more, not thirty."""
    ending = ("k-", "o", "s-", "a", "d", "a")
    lexicon = {f"{first}고싸다": [(first, "a", *ending)] for first in phones.PHONES if first != "a"}
    tree = prefix_tree(ordered(lexicon)[1])
    assert len(tree.phones) == len(lexicon) + len(ending)
