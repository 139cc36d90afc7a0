"""The speech engine without anything around it: whole files in, text out. In a process of its own: it may abort."""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

from core.audio import RATE
from models import shelf
from stt.vosk_engine import VoskRecognizer

_CHUNK = RATE * 2 // 10


async def texts(files: list[bytes]) -> list[str]:
    """What the engine makes of each file (8 kHz, s16le)."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return await asyncio.get_running_loop().run_in_executor(pool, recognised, files)


def recognised(files: list[bytes]) -> list[str]:
    """The work of that process."""
    recognizer = VoskRecognizer(shelf.find())
    found = []
    for pcm in files:
        session = recognizer.session()
        for at in range(0, len(pcm), _CHUNK):
            session.accept(pcm[at : at + _CHUNK])
        found.append(session.finish().text)
    return found
