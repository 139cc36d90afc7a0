"""Best paths and their scores as libvosk prints them: ``python -m stt.vosk_scores FOLDER``, for a child process.

Clips come on stdin, each a length (4 bytes, little-endian) and 8 kHz s16le samples; what comes out is JSON, a pair of
text and score for each: the whole path's log likelihood, acoustic and graph.
"""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from core.errors import ModelFault

_LONGEST_S: Final = 120.0
_ROOT: Final = Path(__file__).parents[1]


def scored(folder: Path, clips: Sequence[bytes]) -> list[tuple[str, float]]:
    """What a child process finds. Raises ``ModelFault`` when it dies of the model."""
    command = [sys.executable, "-m", "stt.vosk_scores", str(folder.absolute())]
    feed = b"".join(struct.pack("<I", len(clip)) + clip for clip in clips)
    try:
        child = subprocess.run(command, input=feed, capture_output=True, cwd=_ROOT, timeout=_LONGEST_S, check=True)
        return msgspec.json.decode(child.stdout, type=list[tuple[str, float]])
    except (subprocess.SubprocessError, msgspec.MsgspecError) as error:
        raise ModelFault(f"libvosk can't decode with the model in {folder}; make it again") from error


def _clips(feed: BinaryIO) -> Iterator[bytes]:
    while head := feed.read(4):
        yield feed.read(struct.unpack("<I", head)[0])


def _main() -> None:
    from stt.vosk_engine import best_paths

    print(json.dumps(best_paths(sys.argv[1], _clips(sys.stdin.buffer)), ensure_ascii=False))


if __name__ == "__main__":
    _main()
