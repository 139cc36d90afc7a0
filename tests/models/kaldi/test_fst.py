"""Const FSTs: the file, sorting, trimming."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import ModelFault
from models import shelf
from models.kaldi.fst import NEVER, Fst, arcs_of, assembled, connected, const_bytes, properties, read_fst


def chain() -> Fst:
    """0 -1:2-> 1 -0:0-> 2 (end), and a dead end 3."""
    finals = np.array([NEVER, NEVER, 0.5, NEVER], np.float32)
    return assembled(0, finals, [1, 0, 0], arcs_of([0, 3, 1], [0, 3, 2], [0.25, 1.0, 0.0], [2, 3, 1]))


def test_read_back() -> None:
    """Everything, to the last bit."""
    fst, back = chain(), read_fst(const_bytes(chain()))
    assert (back.start, back.finals.tolist(), back.first.tolist()) == (0, fst.finals.tolist(), [0, 2, 3, 3, 3])
    assert back.arcs.tolist() == fst.arcs.tolist() == [(1, 2, 0.0, 1), (3, 3, 1.0, 3), (0, 0, 0.25, 2)]


def test_header_as_openfst_writes_it() -> None:
    """Magic, names, version 2, unaligned; epsilons counted for each state."""
    data = const_bytes(chain())
    assert data[:31] == b"\xd6\xfd\xb2\x7e\x05\0\0\0const\x08\0\0\0standard\x02\0\0\0\0\0"
    states = np.frombuffer(data, "<f4,<u4,<u4,<u4,<u4", 4, len(data) - 4 * 20 - 3 * 16)
    assert [row[3] for row in states.tolist()] == [0, 1, 0, 0]
    assert properties(chain()) == 1 | 0x20000 | 0x400000 | 0x1000000 | 0x4000000 | 0x10000000 | 0x40000000 | 0x100000000


def test_what_leads_nowhere_goes() -> None:
    """The dead end and its arc."""
    whole = connected(chain())
    assert whole.states == 3
    assert whole.arcs.tolist() == [(1, 2, 0.0, 1), (0, 0, 0.25, 2)]


@pytest.mark.parametrize("cut", [0, 3, 30, 70, 90, 150])
def test_cut_off(cut: int) -> None:
    """One line."""
    with pytest.raises(ModelFault, match="broken or cut off"):
        read_fst(const_bytes(chain())[:cut])


def test_another_kind() -> None:
    """Look-ahead graphs are read by their own reader."""
    with pytest.raises(ModelFault, match="'olabel_lookahead' FST"):
        read_fst((shelf.find().path / "graph/HCLr.fst").read_bytes())
