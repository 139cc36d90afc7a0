from __future__ import annotations

import math

import numpy as np
import pytest

from agent_assist.postings import Postings


def build(*documents: dict[int, float], channels: list[int]) -> Postings:
    return Postings(
        [(np.array(list(d), np.int32), np.array(list(d.values()), np.float32)) for d in documents],
        np.array(channels, np.int8),
    )


def test_bm25_by_hand() -> None:
    postings = build({0: 2.0}, {0: 1.0, 1: 1.0}, {1: 1.0}, channels=[0, 0])
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    mean = (2 + 2 + 1) / 3
    first = idf * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 2 / mean))
    assert postings.impact(0, 0) == pytest.approx(first, rel=5e-3)  # one of 256 steps
    assert postings.idf[0] == pytest.approx(idf, rel=1e-5)


def test_each_channel_has_its_own_length() -> None:
    alone = build({0: 1.0}, {0: 1.0}, channels=[0])
    beside = build({0: 1.0, 1: 50.0}, {0: 1.0, 2: 1.0}, channels=[0, 1, 1])
    assert beside.impact(0, 0) == pytest.approx(alone.impact(0, 0), rel=1e-5)


def test_a_rare_term_says_more() -> None:
    postings = build({0: 1, 1: 1}, {0: 1}, {0: 1}, channels=[0, 0])
    assert postings.idf[1] > postings.idf[0] > 0


def test_documents_of_a_term_ascend() -> None:
    postings = build({1: 1}, {0: 1}, {1: 1, 0: 1}, channels=[0, 0])
    documents, impacts = postings.of(1)
    assert documents.tolist() == [0, 2]
    assert len(impacts) == postings.frequency(1) == 2
    assert postings.impact(1, 1) == 0.0
    assert postings.impact(1, 99) == 0.0


def test_empty_databases_and_empty_entries() -> None:
    assert build(channels=[]).size == 0
    postings = build({}, {0: 1}, channels=[0])
    assert postings.of(0)[0].tolist() == [1]
    assert postings.nbytes > 0
