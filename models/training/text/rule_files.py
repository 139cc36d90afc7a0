"""Rule files read into parts; how they are written is told in :mod:`models.training.text.grammar`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from core.errors import ModelFault
from models.training.text.parts import Choice, Part, Slot, Text

_SLOT: Final = re.compile(r"\{(\w+)(?:([:+])(@?)([^}]+))?\}|\(|\)|\||[^{}()|]+")
_WEIGHT: Final = re.compile(r"(\d+)\|\s*(.*)")


def read_rules(texts: Iterable[str]) -> dict[str, Choice]:
    """Every rule by its name. Raises ``ModelFault`` naming the line that cannot be read."""
    return {name: _rule(name, lines) for name, lines in _sections(texts).items()}


def _sections(texts: Iterable[str]) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for text in texts:
        lines: list[str] | None = None
        split = False
        for written in text.splitlines():
            line = written.partition("#")[0].strip()
            if line.startswith("[") and line.endswith("]"):
                name, _, kind = line[1:-1].partition(":")
                lines, split = out.setdefault(name, []), bool(kind)
            elif line and lines is None:
                raise ModelFault(f"grammar: '{line}' stands before the first [rule]")
            elif line and lines is not None:
                lines += line.split() if split else [line]
    return out


def _rule(name: str, lines: Sequence[str]) -> Choice:
    branches, weights = [], []
    for line in lines:
        weighted = _WEIGHT.fullmatch(line)
        weights.append(float(weighted[1]) if weighted else 1.0)
        written = weighted[2] if weighted else line
        tokens = list(_SLOT.finditer(written))
        if sum(len(token.group()) for token in tokens) != len(written):
            raise ModelFault(f"grammar: [{name}] has an unreadable line: {line}")
        branch, rest = _sequence(tokens, 0)
        if rest != len(tokens):
            raise ModelFault(f"grammar: [{name}] has a bracket or a bar too many: {line}")
        branches.append(branch)
    if not branches:
        raise ModelFault(f"grammar: rule [{name}] is empty")
    return Choice(branches, weights)


def _sequence(tokens: Sequence[re.Match[str]], at: int) -> tuple[list[Part], int]:
    """The parts from that token on, up to a bar or a bracket that closes; and where that stands."""
    parts: list[Part] = []
    while at < len(tokens):
        token = tokens[at].group()
        if token in "|)":
            break
        at += 1
        if token == "(":
            branches = []
            while True:
                branch, at = _sequence(tokens, at)
                branches.append(branch)
                closed = tokens[at].group() if at < len(tokens) else ")"
                at += 1
                if closed == ")":
                    break
            parts.append(Choice(branches, [1.0] * len(branches)))
        elif token.startswith("{"):
            rule, sign, drawn, tail = tokens[at - 1].groups()
            parts.append(Slot(rule, sign or "", drawn or "", tail or ""))
        else:
            parts.append(Text(token))
    return parts or [Text("")], at
