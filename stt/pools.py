"""The decode pools of a node: the main one, of ``[stt]``, and one for each further language, of ``[[languages]]``.

    async with Pools(config.stt, config.languages) as pools:
        pools.get("en")      # None where no model of that language is loaded

All are opened at the same time. Without the main one no node runs; a further language whose model is missing, broken or
too large is left out, and why stands in ``faults``: its calls are calls all the same, without words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Final, Self

from msgspec.structs import replace

from core.config import LanguageConfig, SttConfig
from core.errors import MinwonError, ModelFault
from core.log import get_logger
from models import shelf
from models.shelf import ModelInfo
from stt import memory
from stt.decode_pool import DecodePool

log = get_logger("stt.pools")

OURS: Final = "ko"
"""The language of a main model that does not say its own."""


class Pools:
    """``async with`` = every pool that can be opened is. Raises what opening the main one raises."""

    def __init__(
        self,
        stt: SttConfig,
        languages: Sequence[LanguageConfig] = (),
        *,
        find: Callable[[str], ModelInfo] = shelf.find,
        on_trouble: Callable[[str], None] | None = None,
    ) -> None:
        """``find``: the model of a name or folder. Raises ``ModelFault`` for a main model that is not there."""
        main = find(stt.model)
        self.main = DecodePool(replace(main, language=main.language or OURS), stt, on_trouble=on_trouble)
        self.faults: dict[str, str] = {}
        """Language -> why it has no pool, with advice."""
        self._pools = {self.main.language: self.main}
        self._open: list[DecodePool] = []
        for other in languages:
            if other.language in self._pools:
                self.faults[other.language] = (
                    f"stt.model is of the language '{other.language}' already: leave its [[languages]] entry out"
                )
                continue
            try:
                info = replace(find(other.model), language=other.language)
            except MinwonError as fault:
                self._cannot(other.language, fault)
                continue
            config = replace(stt, model=other.model, workers=other.workers)
            self._pools[other.language] = DecodePool(info, config, on_trouble=on_trouble)

    @property
    def language(self) -> str:
        """The main pool's."""
        return self.main.language

    def get(self, language: str) -> DecodePool | None:
        """The pool of that language."""
        return self._pools.get(language)

    def all(self) -> Mapping[str, DecodePool]:
        """The pools by language, the main one first."""
        return self._pools

    def silent(self) -> tuple[str, ...]:
        """Further languages whose pool has no worker at present."""
        return tuple(code for code, pool in self._pools.items() if pool is not self.main and not pool.state().workers)

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self._check_memory)
        try:
            faults = await asyncio.gather(*map(self._begin, self._pools.values()), return_exceptions=True)
            for (language, pool), fault in zip(list(self._pools.items()), faults, strict=True):
                if fault is None:
                    continue
                if pool is self.main or not isinstance(fault, MinwonError | OSError):
                    raise fault
                self._cannot(language, fault)
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End every worker; utterances that still run get no final."""
        pools, self._open = self._open, []
        ends = await asyncio.gather(*(pool.__aexit__(None, None, None) for pool in pools), return_exceptions=True)
        for end in ends:
            if end is not None:
                raise end

    def _check_memory(self) -> None:
        """All of them together, the main one first: each pool by itself sees the others' memory as free still."""
        free = memory.free_mb()
        for language, pool in list(self._pools.items()):
            workers = pool.state().wanted
            try:
                memory.check(pool.model, workers, free)
            except ModelFault as fault:
                if pool is self.main:
                    raise
                self._cannot(language, fault)
            else:
                free -= memory.need_mb(pool.model) * workers

    async def _begin(self, pool: DecodePool) -> None:
        await pool.__aenter__()
        self._open.append(pool)

    def _cannot(self, language: str, fault: MinwonError | OSError) -> None:
        log.warning("language.no_model", language=language, why=str(fault))
        self.faults[language] = str(fault)
        self._pools.pop(language, None)
