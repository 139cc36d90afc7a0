"""``Gr.fst``: a language model as a transducer of words, and back.

A state is a history, an arc the word that follows, a final weight the end of the sentence; the first arc of a state
(label 0) backs off to the shorter history.
"""

from __future__ import annotations

import numpy as np

from core.errors import BadInput, ModelFault
from models.kaldi.fst import NEVER, Arcs, Fst, Ints, arcs_of, assembled
from models.kaldi.lexicon import Vocabulary
from models.kaldi.ngram import CANNOT, Doubles, NGram, Table
from models.kaldi.ngram_counts import EOS, ORDER, words_of


def to_fst(ngram: NGram, vocabulary: Vocabulary) -> Fst:
    """The transducer, with the lexicon's word numbers. Raises ``BadInput`` where the lexicon lacks a word."""
    words = ngram.words
    labels = np.array([vocabulary.numbers.get(word, 0) for word in words.words])
    if lacking := [word for word, label in zip(words.words[2:], labels[2:], strict=True) if not label]:
        raise BadInput(f"the lexicon has no pronunciation of {len(lacking)} words of the text: {lacking[0]}, ...")
    states = _states(ngram)
    finals = np.full(1 + max(int(numbers.max(initial=0)) for numbers in states), NEVER)
    sources: list[Ints] = []
    parts: list[Arcs] = []

    def state_of(keys: Ints, order: int) -> Ints:
        """The state of the longest history that is one and ends the n-grams."""
        if order == 0:
            return np.zeros(len(keys), np.int64)
        shorter = state_of(words.suffix(keys, order), order - 1)
        if order == ORDER:
            return shorter
        rows, known = ngram.tables[order - 1].find(keys)
        own = np.full(len(keys), -1)
        own[known] = states[order][rows[known]]
        return np.where(own >= 0, own, shorter)

    for order, table in enumerate(ngram.tables, start=1):
        last = words.last(table.keys)
        source = state_of(words.history(table.keys), order - 1)
        ends = last == words.numbers[EOS]
        finals[source[ends]] = -table.logp[ends]
        on = ~ends & (table.logp > CANNOT)
        sources.append(source[on])
        label = labels[last[on]]
        parts.append(arcs_of(label, label, -table.logp[on], state_of(table.keys[on], order)))
        if order < ORDER:
            is_state = states[order] >= 0
            sources.append(states[order][is_state])
            shorter = state_of(words.suffix(table.keys[is_state], order), order - 1)
            parts.append(arcs_of(0, 0, -table.backoff[is_state], shorter))
    start = max(0, int(states[1][0]))  # the first row of the words is the begin of a sentence
    return assembled(start, finals, np.concatenate(sources), np.concatenate(parts))


def _states(ngram: NGram) -> list[Ints]:
    """For histories of 0, 1, 2 words: the state of each row of the table, -1 where no n-gram follows it."""
    states, count = [np.zeros(1, np.int64)], 1
    for table, longer in zip(ngram.tables, ngram.tables[1:], strict=False):
        has_more = np.zeros(len(table.keys), bool)
        has_more[table.find(ngram.words.history(longer.keys))[0]] = True
        states.append(np.where(has_more, count + np.cumsum(has_more) - 1, -1))
        count += int(has_more.sum())
    return states


def from_fst(fst: Fst, vocabulary: Vocabulary) -> NGram:
    """The language model in a ``Gr.fst`` of ours. Raises ``ModelFault`` for one of other structure."""
    words = words_of(vocabulary.words)
    numbers = np.array([-1, *(words.numbers.get(word, -1) for word in vocabulary.words)])
    sources, arcs = fst.sources, fst.arcs
    backs = arcs["ilabel"] == 0
    known = (arcs["ilabel"] >= 0) & (arcs["ilabel"] < len(numbers))
    word = numbers[np.where(known, arcs["ilabel"], 0)]
    if np.any(word[~backs] < 0) or np.any(np.bincount(sources[backs]) > 1):
        raise ModelFault("graph/Gr.fst is no back-off language model over the words of graph/words.txt")
    shorter = np.full(fst.states, -1)
    shorter[sources[backs]] = arcs["nextstate"][backs]
    backoff = np.zeros(fst.states)
    backoff[sources[backs]] = -arcs["weight"][backs]
    length = _lengths(shorter)
    history = np.zeros(fst.states, np.int64)
    for longer in range(1, ORDER):
        into = ~backs & (length[sources] == longer - 1) & (length[arcs["nextstate"]] == longer)
        found = history[sources[into]] * words.base + word[into]
        history[arcs["nextstate"][into]] = found
        if np.any(history[arcs["nextstate"][into]] != found):
            raise ModelFault("words were added to this model by `models adapt`: take the one that it was made from")
    ended = np.flatnonzero(fst.finals != NEVER)
    grams = np.concatenate([history[sources[~backs]] * words.base + word[~backs], history[ended] * words.base + 1])
    logp = -np.concatenate([arcs["weight"][~backs], fst.finals[ended]]).astype(np.float64)
    order = 1 + np.concatenate([length[sources[~backs]], length[ended]])
    tables: tuple[Table, ...] = ()
    for count in range(1, ORDER + 1):
        mine, histories = order == count, np.flatnonzero(length == count)
        keys, rows = np.unique(grams[mine], return_index=True)
        table = Table(keys, logp[mine][rows], np.zeros(len(keys)))
        whole = NGram(words, (*tables, table))
        tables = (*tables, _with_histories(whole, history[histories], backoff[histories]))
    return NGram(words, tables)


def _with_histories(ngram: NGram, histories: Ints, backoff: Doubles) -> Table:
    """The longest table with a row for every history, whether or not it was listed as an n-gram."""
    table, order = ngram.tables[-1], len(ngram.tables)
    lacking = histories[~table.find(histories)[1]]
    keys = np.concatenate([table.keys, lacking])
    logp = np.concatenate([table.logp, ngram.logp(lacking, order)])
    by = np.argsort(keys)
    whole = Table(keys[by], logp[by], np.zeros(len(keys)))
    whole.backoff[whole.find(histories)[0]] = backoff
    return whole


def _lengths(shorter: Ints) -> Ints:
    """How many words each state remembers."""
    length = np.zeros(len(shorter), np.int64)
    for _ in range(ORDER):
        length = np.where(shorter >= 0, 1 + length[np.maximum(shorter, 0)], 0)
    if length.max(initial=0) >= ORDER or np.count_nonzero(shorter < 0) != 1:
        raise ModelFault(f"graph/Gr.fst is no back-off language model of up to {ORDER} words: it was not made by us")
    return length
