"""A graph in which any phone may follow any, at no cost: what libvosk then hears depends on nothing but features,
network and transition model, and its score can be computed by hand. So a model's acoustic half is checked to the last
digit.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from models.kaldi import phones
from models.kaldi.fst import Fst, arcs_of, assembled
from models.kaldi.lexicon import Vocabulary, vocabulary_of


def phone_loop() -> tuple[Fst, Vocabulary]:
    """An ``HCLG.fst`` that writes phones as words."""
    places = [phones.GRAPH_ID[phone if phone == phones.SILENCE else f"{phone}_S"] for phone in phones.BASE]
    states = np.arange(1, len(places) + 1)
    loops = arcs_of(2 * np.array(places) - 1, 0, 0.0, states)
    enter = arcs_of(2 * np.array(places), states, 0.0, states)
    sources = np.concatenate([states, np.repeat(np.arange(len(places) + 1), len(places))])
    finals = np.zeros(len(places) + 1, np.float32)
    finals[0] = np.inf
    graph = assembled(0, finals, sources, np.concatenate([loops, np.tile(enter, len(places) + 1)]))
    return graph, vocabulary_of(phones.BASE)


def best_way(scores: npt.NDArray[np.floating]) -> tuple[float, list[str]]:
    """Viterbi over a network's outputs (frames, pdfs): score and phones of the best way through the loop."""
    scores = scores.astype(np.float64)
    enter, stay = scores[:, 0::2], scores[:, 1::2]  # pdf numbers alternate, see ``phones``
    total, came_from = enter[0], []
    for arriving, staying in zip(enter[1:], stay[1:], strict=True):
        best = int(total.argmax())
        new, old = total[best] + arriving, total + staying
        came_from.append(np.where(old >= new, -1, best))
        total = np.maximum(new, old)
    phone = int(total.argmax())
    path = [phone]
    for row in reversed(came_from):
        if row[phone] >= 0:
            phone = int(row[phone])
            path.append(phone)
    return float(total.max()), [phones.BASE[phone] for phone in reversed(path)]
