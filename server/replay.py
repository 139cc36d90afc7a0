"""``minwon replay``: recordings through the real speech path, one line per utterance."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from core.config import Config
from core.home import home_at
from models.label import Engine
from models.shelf import BUNDLED, BUNDLED_SHERPA
from server import models_here
from stt import wav
from stt.decode_pool import DecodePool
from stt.grammar import read as read_grammar
from stt.replay import ReplayFinal, replay

_BUNDLED: Final[dict[Engine, str]] = {"vosk": BUNDLED, "sherpa": BUNDLED_SHERPA}


async def play(
    files: Sequence[Path],
    config: Config,
    *,
    json: bool,
    fast: bool,
    engine: Engine | None = None,
    grammar: Path | None = None,
) -> None:
    """All files, one after the other. A file that can't be used is said before any of them is played.

    ``engine``: its bundled model, not the configured one. ``grammar``: a file of the only sentences that are said.
    """
    for file in files:
        wav.inspect(file)
    sentences = read_grammar(grammar) if grammar else ()
    model = models_here.found(home_at(config.node.home), _BUNDLED[engine] if engine else config.stt.model)
    async with DecodePool(model, config.stt, grammar=sentences) as pool:
        if sentences:
            await pool.takes(sentences)
        for file in files:
            async for final in replay(file, pool, config.stt, fast=fast):
                print(msgspec.json.encode(final).decode() if json else in_words(final, len(files) > 1), flush=True)


def in_words(final: ReplayFinal, many: bool) -> str:
    """'0:07.2  1  text': when, which leg, what; the file too where there are several."""
    minutes, seconds = divmod(final.start, 60)
    where = f"{final.file}  " if many else ""
    return f"{where}{int(minutes)}:{seconds:04.1f}  {final.leg}  {final.text}"
