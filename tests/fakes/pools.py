"""The pools of a node that hears scripted languages: which there are, and which have no model."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tests.fakes.pool import ScriptedPool


class ScriptedPools:
    """Fulfils ``stt.pools.Pools`` as far as languages ask it."""

    def __init__(self, *languages: str) -> None:
        """The first is the main one."""
        self.language = languages[0]
        self._pools: dict[str, Any] = {}
        for language in languages:
            pool: Any = ScriptedPool(language)
            pool.model = SimpleNamespace(name=f"model-{language}")
            self._pools[language] = pool

    def get(self, language: str) -> Any:
        return self._pools.get(language)
