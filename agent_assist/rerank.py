"""Reading a question and the best entries together, by a model that a site installs: optional, behind one contract.

Without one nothing is missing but some nearness of meaning that words do not show.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Reranker(Protocol):
    """Any thread may call it, one at a time gets through."""

    def scores(self, question: str, passages: Sequence[str]) -> Sequence[float]:
        """For each passage how well it answers the question, 0..1; as many as there are passages, in their order."""
