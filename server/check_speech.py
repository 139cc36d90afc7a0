"""What ``minwon check`` says of speech: which language is heard by which model, engine and workers, on which lines.

Only the first model must be there. A further language without its model is a note: its calls go on without words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from core.config import Config
from core.errors import MinwonError, ModelFault
from models.shelf import ModelInfo
from stt import memory
from stt.pools import OURS

State = Literal["ok", "note", "fault"]


def speech_findings(
    config: Config, find: Callable[[str], ModelInfo], cores: int, free_mb: int
) -> Iterator[tuple[State, str]]:
    """State and one line for each language; ``find``: the model of a name or folder. ``free_mb``: memory that all
    models together may take."""
    try:
        main = find(config.stt.model)
    except MinwonError as fault:
        yield "fault", str(fault)
        main = None
    if main is not None:
        workers = config.stt.workers or cores
        yield "ok", _told(main.language or OURS, main, workers, "every line that has no other")
        if too_much := _too_much(main, workers, free_mb):
            yield "fault", too_much
        free_mb -= memory.need_mb(main) * workers
    for other in config.languages:
        if main is not None and other.language == (main.language or OURS):
            yield "note", f"{other.language}: stt.model is of this language already; leave its [[languages]] entry out"
            continue
        try:
            info = find(other.model)
        except MinwonError as fault:
            yield "note", f"{other.language}: calls go on without words: {fault}"
            continue
        lines = f"line {', '.join(other.lines)}, " if other.lines else ""
        yield "ok", _told(other.language, info, other.workers, f"{lines}the menu and the desk choose it")
        if too_much := _too_much(info, other.workers, free_mb):
            yield "note", f"{other.language}: calls go on without words: {too_much}"
        else:
            free_mb -= memory.need_mb(info) * other.workers
        if info.language and info.language.partition("-")[0] != other.language.partition("-")[0]:
            yield "note", f"{other.language}: the model {info.name} says that it is of the language '{info.language}'"


def _too_much(info: ModelInfo, workers: int, free_mb: int) -> str:
    """Why these workers do not fit into memory, '' if they do."""
    try:
        memory.check(info, workers, free_mb)
    except ModelFault as fault:
        return str(fault)
    return ""


def _told(language: str, info: ModelInfo, workers: int, where: str) -> str:
    label = f" {info.label}" if info.label else ""
    count = f"{workers} decode worker{'s' if workers > 1 else ''}"
    return f"{language}: {info.name}, {info.engine}, {info.rate} Hz, {count}; {where}.{label}"
