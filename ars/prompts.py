"""What the menu's voice says, as WAV files: the city's own recordings where there are any, else espeak-ng's voice.

prompts = Prompts(home.root / "cache" / "prompts", config_folder / "prompts", private=home.run / "spoken")
await call.play(str(await prompts.path("여권 창구로 연결합니다.", "ko", "passport")))
await call.play(str(await prompts.once(typed_by_the_caller, "ko")), to="agent")
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from ars.model import Language

CACHE_BYTES: Final = 256 << 20
"""4.5 hours of speech; beyond it the prompts that were asked for longest ago are deleted."""


class Phrase(msgspec.Struct, frozen=True):
    """One thing to say."""

    text: str
    language: Language
    name: str = ""
    """Of the city's recording, ``NAME.LANGUAGE.wav``; '' = there is none."""


class Prompts:
    """One for the node. Every path is absolute, 8 kHz mono 16 bits: what ``Call.play`` takes."""

    def __init__(self, cache: Path, recordings: Path | None, *, private: Path, limit_bytes: int = CACHE_BYTES) -> None:
        """``private``: a folder below the home's run folder, for ``once``; leftovers in it are deleted."""
        raise NotImplementedError

    async def path(self, text: str, language: Language, name: str = "") -> Path:
        """The city's recording of that name and language, else the text spoken; made once, then found.

        ``EnvironmentFault`` when espeak-ng is missing or the disk is full: go on without voice. ``BadInput`` for a text
        without a sound.
        """
        raise NotImplementedError

    async def prepare(self, phrases: Iterable[Phrase]) -> None:
        """Make all of them ahead, one after another at low priority; cancel the await to stop. Faults are logged."""
        raise NotImplementedError

    async def once(self, text: str, language: Language) -> Path:
        """A caller's own words, for one hearing: a private file that is gone after a minute, or with ``forget``."""
        raise NotImplementedError

    def forget(self, path: Path) -> None:
        """Delete a file of ``once`` now: it has been heard."""
        raise NotImplementedError

    def voices(self) -> dict[Language, bool]:
        """Which languages have a voice of their own here; the others are spoken in English."""
        raise NotImplementedError
