"""``minwon replay``: recordings through the real speech path, one line per utterance."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from core.config import Config
from core.home import home_at
from server import models_here
from stt import wav
from stt.decode_pool import DecodePool
from stt.replay import ReplayFinal, replay


async def play(files: Sequence[Path], config: Config, *, json: bool, fast: bool) -> None:
    """All files, one after the other. A file that can't be used is said before any of them is played."""
    for file in files:
        wav.inspect(file)
    async with DecodePool(models_here.found(home_at(config.node.home), config.stt.model), config.stt) as pool:
        for file in files:
            async for final in replay(file, pool, config.stt, fast=fast):
                print(msgspec.json.encode(final).decode() if json else in_words(final, len(files) > 1), flush=True)


def in_words(final: ReplayFinal, many: bool) -> str:
    """'0:07.2  1  text': when, which leg, what; the file too where there are several."""
    minutes, seconds = divmod(final.start, 60)
    where = f"{final.file}  " if many else ""
    return f"{where}{int(minutes)}:{seconds:04.1f}  {final.leg}  {final.text}"
