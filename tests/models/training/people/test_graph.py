"""A sentence's graph: every way to say it, and nothing else."""

from __future__ import annotations

from models.kaldi.phones import BASE, BASE_ID, SILENCE
from models.korean.pronounce import pronounce, sentence
from models.training.people.graph import SIL, Graph, links_of, padded, utterance


def ways(graph: Graph) -> set[str]:
    """All paths, as phones."""
    followers: dict[int, list[int]] = {}
    for node, before in enumerate(graph.before):
        for came in before:
            followers.setdefault(came, []).append(node)
    found, todo = set(), [(node, (node,)) for node in graph.starts]
    while todo:
        node, path = todo.pop()
        if node in graph.finals:
            found.add(" ".join(BASE[graph.phones[one]] for one in path))
        todo += [(after, (*path, after)) for after in followers.get(node, ())]
    return found


def test_one_word() -> None:
    """With or without silence on either side."""
    said = " ".join(pronounce("네"))
    assert ways(utterance("네")) == {
        f"{before}{said}{after}" for before in ("", f"{SILENCE} ") for after in ("", f" {SILENCE}")
    }


def test_two_words_joined_or_apart() -> None:
    """Liaison only without a pause between them; each on its own with one."""
    found = ways(utterance("옷 안"))
    joined = " ".join(phone for word in sentence("옷 안") for phone in word)
    apart = " ".join(pronounce("옷")), " ".join(pronounce("안"))
    assert joined in found
    assert f"{apart[0]} {SILENCE} {apart[1]}" in found
    assert joined != f"{apart[0]} {apart[1]}"
    assert not any(way.startswith(f"{' '.join(sentence('옷 안')[0])} {SILENCE}") for way in found)


def test_a_weak_h_may_be_silent() -> None:
    """안녕하세요 is also said without it."""
    phones = pronounce("전화")
    assert "h" in phones
    found = ways(utterance("전화"))
    assert " ".join(phones) in found
    assert " ".join(phone for phone in phones if phone != "h") in found


def test_padded() -> None:
    """Dead nodes lead nowhere; links keep their order."""
    graph = utterance("여보세요 네")
    drawn = padded([graph, utterance("네")], 60, 8)
    assert links_of(graph) <= 8
    assert drawn.phones.shape == (2, 60)
    assert drawn.before[0, 0].tolist() == [60] * 8
    assert drawn.start[1].sum() == 2 and drawn.phones[1, 0] == SIL == BASE_ID[SILENCE]
    assert not drawn.final[1, 10:].any()
