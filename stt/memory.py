"""Whether the decode workers will fit into memory, worked out before a C++ library is asked: it would not refuse, the
kernel would kill something, perhaps the process that carries the callers' voices.

Every worker holds its model itself. What a file becomes in memory was measured (vosk 0.3.45, sherpa-onnx 2.0.1, peaks
while loading, graphs and networks of 160 to 395 MiB):

* Kaldi: a graph of type 'vector' 2.3 of its size (mkgraph.sh writes 'const'), anything else 1.2;
* ONNX: 2.1 in floats and eight bits.

On top come the process, the resting decoders and what a hard utterance makes them hold: ``BASE_MB``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from core.errors import ModelFault
from models import sherpa_files
from models.shelf import ModelInfo

BASE_MB: Final = 150
"""A worker with our 25 MiB model has 95 to 200 MiB in all."""
_VECTOR, _KALDI, _ONNX = 2.3, 1.2, 2.1
_MB: Final = 1 << 20
_FST_TYPE: Final = slice(8, 14)
"""An OpenFst file begins with a magic number, then the length and the letters of its type."""
_CGROUP: Final = Path("/sys/fs/cgroup")
_MEMINFO: Final = Path("/proc/meminfo")


def need_mb(info: ModelInfo) -> int:
    """What one worker with this model takes, in MiB."""
    if info.engine == "sherpa":
        files = sherpa_files.recipe(info.path, info.kind).files.values()
        sizes = sum(_ONNX * file.stat().st_size for file in files)
    else:
        sizes = sum(
            (_VECTOR if _is_vector_graph(file) else _KALDI) * file.stat().st_size
            for file in info.path.rglob("*")
            if file.is_file()
        )
    return BASE_MB + round(sizes / _MB)


def free_mb(meminfo: Path = _MEMINFO, cgroup: Path = _CGROUP) -> int:
    """What this machine, or the container that we are in, still has, in MiB."""
    for line in meminfo.read_text(encoding="ascii").splitlines():
        if line.startswith("MemAvailable:"):
            free = int(line.split()[1]) // 1024
            break
    else:
        raise ModelFault(f"{meminfo} does not tell how much memory is free")
    try:
        limit, used = ((cgroup / name).read_text(encoding="ascii").strip() for name in ("memory.max", "memory.current"))
        if limit != "max":
            free = min(free, (int(limit) - int(used)) // _MB)
    except (OSError, ValueError):  # no container, or one of the old kind
        pass
    return free


def resident_mb(process: int | str = "self") -> int:
    """A process's resident memory, MiB; this one's if none is named."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // (1 << 20)


def check(info: ModelInfo, workers: int, free: int) -> None:
    """Raise ``ModelFault``, with the figures and what to do, where so many workers do not fit into ``free`` MiB."""
    each = need_mb(info)
    if each * workers <= free:
        return
    fit = free // each
    advice = f"set [stt] workers = {fit}" if fit else "take a smaller model or a machine with more memory"
    raise ModelFault(
        f"the speech model {info.name} takes about {each / 1024:.1f} GiB in each of {workers} decode workers, "
        f"{each * workers / 1024:.1f} GiB in all, and {free / 1024:.1f} GiB are free: {advice}"
    )


def _is_vector_graph(file: Path) -> bool:
    if file.suffix != ".fst":
        return False
    with file.open("rb") as opened:
        return opened.read(_FST_TYPE.stop)[_FST_TYPE] == b"vector"
