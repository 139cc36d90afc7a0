"""Weighted transducers in OpenFst's ``const`` file format, as numpy arrays.

Weights are costs (-log probability) that add along a path; the cheapest path wins (OpenFst's ``standard`` arcs, the
tropical semiring). Label 0 is epsilon: nothing is read or written. Format: fst.cc, const-fst.h of OpenFst 1.6 to 1.8.
"""

from __future__ import annotations

import struct
from typing import Any, Final, Literal

import msgspec
import numpy as np
import numpy.typing as npt

from core.errors import ModelFault
from models.kaldi.binary import Floats

ARC: Final = np.dtype([("ilabel", "<i4"), ("olabel", "<i4"), ("weight", "<f4"), ("nextstate", "<i4")])
NEVER: Final = np.float32(np.inf)
"""The final weight of a state where no path ends."""

Arcs = npt.NDArray[np.void]
"""Of dtype ``ARC``."""
Ints = npt.NDArray[np.int64]

_STATE: Final = np.dtype([("final", "<f4"), ("first", "<u4"), ("arcs", "<u4"), ("ieps", "<u4"), ("oeps", "<u4")])
_MAGIC: Final = 2125659606
_UNALIGNED: Final = 2
"""File version of a const FST whose arrays follow each other without padding."""
_NUMBERS: Final = struct.Struct("<iiQqqq")
"""Version, flags, properties, start, states, arcs."""


class Fst(msgspec.Struct, frozen=True, eq=False):
    """A transducer whose arcs lie state by state."""

    start: int
    finals: Floats
    """(states,) cost of ending here; ``NEVER`` = no end."""
    first: Ints
    """(states + 1,): the arcs of state s are ``arcs[first[s] : first[s + 1]]``."""
    arcs: Arcs

    @property
    def states(self) -> int:
        """How many."""
        return len(self.finals)

    @property
    def sources(self) -> Ints:
        """(arcs,) the state that each arc leaves."""
        return np.repeat(np.arange(self.states), np.diff(self.first))


def arcs_of(ilabel: npt.ArrayLike, olabel: npt.ArrayLike, weight: npt.ArrayLike, nextstate: npt.ArrayLike) -> Arcs:
    """Arcs from columns."""
    columns = np.broadcast_arrays(*(np.asarray(column) for column in (ilabel, olabel, weight, nextstate)))
    arcs = np.empty(columns[0].shape, ARC)
    for name, column in zip(ARC.fields or (), columns, strict=True):
        arcs[name] = column
    return arcs


def assembled(
    start: int, finals: Floats, sources: npt.ArrayLike, arcs: Arcs, *, by: Literal["ilabel", "olabel"] = "ilabel"
) -> Fst:
    """A transducer of arcs in any order, each with the state that it leaves; sorted within a state by that label."""
    source = np.asarray(sources, np.int64)
    order = np.lexsort((arcs["ilabel" if by == "olabel" else "olabel"], arcs[by], source))
    counts = np.bincount(source, minlength=len(finals))
    return Fst(start, np.asarray(finals, np.float32), np.concatenate([[0], np.cumsum(counts)]), arcs[order])


def connected(fst: Fst) -> Fst:
    """Without the states that no path from the start to an end goes through."""
    sources, targets = fst.sources, fst.arcs["nextstate"]
    reached = np.zeros(fst.states, bool)
    reached[fst.start] = True
    ending = fst.finals != NEVER
    for seen, tails, heads in ((reached, sources, targets), (ending, targets, sources)):
        known = -1
        while known != (known := int(np.count_nonzero(seen))):
            seen[heads[seen[tails]]] = True
    kept = reached & ending
    number = np.cumsum(kept) - 1
    arcs = fst.arcs[on := kept[sources] & kept[targets]]
    arcs["nextstate"] = number[arcs["nextstate"]]
    return assembled(int(number[fst.start]), fst.finals[kept], number[sources[on]], arcs)


def const_bytes(fst: Fst) -> bytes:
    """The file."""
    states = np.zeros(fst.states, _STATE)
    states["final"] = fst.finals
    states["first"] = fst.first[:-1]
    states["arcs"] = np.diff(fst.first)
    sources = fst.sources
    for field, label in (("ieps", "ilabel"), ("oeps", "olabel")):
        states[field] = np.bincount(sources[fst.arcs[label] == 0], minlength=fst.states)
    head = header(b"const", _UNALIGNED, properties(fst), fst.start, fst.states, len(fst.arcs))
    return head + states.tobytes() + fst.arcs.tobytes()


def header(kind: bytes, version: int, properties: int, start: int, states: int, arcs: int) -> bytes:
    """What every file of OpenFst begins with."""
    names = struct.pack("<i", len(kind)) + kind + struct.pack("<i", 8) + b"standard"
    return struct.pack("<i", _MAGIC) + names + _NUMBERS.pack(version, 0, properties, start, states, arcs)


def read_fst(data: bytes, what: str = "the graph") -> Fst:
    """A const FST. Raises ``ModelFault`` for another kind, or a file that is cut off."""
    return read_part(data, 0, what)[0]


def read_part(data: bytes, at: int, what: str) -> tuple[Fst, int]:
    """The const FST that begins at byte ``at``, and where it ends."""
    try:
        kind, numbers, at = read_header(data, at)
        version, flags, _, start, states, arcs = numbers
        if kind != b"const" or version != _UNALIGNED or flags:
            raise ModelFault(f"{what} is a {kind.decode(errors='replace')!r} FST, not one that this product writes")
        table = np.frombuffer(data, _STATE, states, at)
        at += table.nbytes
        found = np.frombuffer(data, ARC, arcs, at)
    except (struct.error, ValueError) as error:
        raise ModelFault(f"{what} is broken or cut off; install the model again") from error
    first = np.concatenate([table["first"].astype(np.int64), [arcs]])
    return Fst(start, table["final"].astype(np.float32), first, found.copy()), at + found.nbytes


def read_header(data: bytes, at: int) -> tuple[bytes, tuple[Any, ...], int]:
    """Kind, numbers and where the header ends. ``ValueError`` when it is none."""
    if struct.unpack_from("<i", data, at)[0] != _MAGIC:
        raise ValueError("no FST")
    at += 4
    names = []
    for _ in range(2):
        (length,) = struct.unpack_from("<i", data, at)
        names.append(bytes(data[at + 4 : at + 4 + length]))
        at += 4 + length
    return names[0], _NUMBERS.unpack_from(data, at), at + _NUMBERS.size


def properties(fst: Fst) -> int:
    """OpenFst's property bits, as far as one look at the arcs shows them (the others are unknown, which is allowed).

    Sortedness decides what libvosk may do with the file; each pair of bits is (true, false).
    """
    arcs, sources = fst.arcs, fst.sources
    inner = sources[1:] == sources[:-1]

    def is_sorted(label: str) -> bool:
        return not np.any(inner & (arcs[label][1:] < arcs[label][:-1]))

    ieps, oeps = arcs["ilabel"] == 0, arcs["olabel"] == 0
    ended = fst.finals[fst.finals != NEVER]
    facts = (
        (0x10000, bool(np.all(arcs["ilabel"] == arcs["olabel"]))),  # acceptor
        (0x400000, bool(np.any(ieps & oeps))),  # epsilons on both sides
        (0x1000000, bool(np.any(ieps))),
        (0x4000000, bool(np.any(oeps))),
        (0x10000000, is_sorted("ilabel")),
        (0x40000000, is_sorted("olabel")),
        (0x100000000, bool(np.any(arcs["weight"] != 0) or np.any(ended != 0))),  # weighted
    )
    return 1 | sum(bit if true else bit << 1 for bit, true in facts)  # 1: all states are there
