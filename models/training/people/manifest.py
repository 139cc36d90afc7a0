"""``manifest.tsv``: recordings in one table, the form that corrected calls are handed over in.

Tab-separated, the first line names the columns, in any order: ``file`` (relative to the folder) and ``text`` must be
there; ``speaker``, ``start`` and ``end`` (seconds), ``channel`` (0 = left, of a two-party recording) may. A call that
was corrected on the desk is one file and a line an utterance; ``speaker`` is whoever spoke (an agent's name, a hash of
the caller's number), so that people can be held out of the training.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from core.errors import BadInput
from models.training.people.clip import Clip, raw_rate

NAME: Final = "manifest.tsv"


def clips(folder: Path) -> Iterator[Clip]:
    """The table's recordings. Raises ``BadInput`` naming the line that can't be used."""
    path = folder / NAME
    with path.open(encoding="utf-8-sig") as lines:
        columns = next(lines, "").rstrip("\r\n").split("\t")
        if not {"file", "text"} <= set(columns):
            raise BadInput(f"{path}: the first line must name the columns, with 'file' and 'text' among them")
        for number, line in enumerate(lines, 2):
            if line.strip():
                yield _clip(folder, dict(zip(columns, line.rstrip("\r\n").split("\t"), strict=False)), number)


def _clip(folder: Path, row: dict[str, str], number: int) -> Clip:
    where = f"{folder / NAME} line {number}"
    if not row.get("file") or "text" not in row:
        raise BadInput(f"{where}: has no file or no text")
    sound = (folder / row["file"]).resolve()
    if not sound.is_relative_to(folder.resolve()):
        raise BadInput(f"{where}: {row['file']} lies outside of the folder")
    try:
        start, end = float(row.get("start") or 0), float(row.get("end") or 0)
        channel = int(row.get("channel") or -1)
    except ValueError as error:
        raise BadInput(f"{where}: start and end are seconds, channel is a number") from error
    return Clip(
        speaker=row.get("speaker", ""),
        name=f"{row['file']}:{start:g}" if start else row["file"],
        text=row["text"],
        path=sound,
        start_s=start,
        end_s=end,
        channel=channel,
        raw_rate=raw_rate(sound),
    )
