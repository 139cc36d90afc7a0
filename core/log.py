"""Structured logs on stderr: who and when, never what was said.

    from core.log import get_logger
    log = get_logger("telephony.sip")
    log.info("call.started", call_id=call.call_id)

The first line of defence is the one who writes the line. The last is :func:`withhold`, which every line passes:
it takes out values under names that carry words or numbers of people, and whatever looks like a telephone or
resident number, or a caller's link, anywhere else, in messages of libraries and tracebacks too.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any, Final

import msgspec
import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

from core.config import LogConfig

WITHHELD: Final = "[withheld]"

_WORDS: Final = frozenset({"text", "said", "word", "words", "transcript", "hypothesis", "query", "body", "title"})
_PEOPLE: Final = frozenset(
    {"number", "phone", "caller", "callee", "called", "party", "display_name", "digit", "digits"}
)
_SECRETS: Final = frozenset({"password", "secret", "token", "cookie", "authorization", "resident_number", "digit"})
_PERSONAL_KEYS: Final = _WORDS | _PEOPLE | _SECRETS
# Our own identifiers: made by us, so no personal number can be in them, and cutting them would cost the engineer.
_SAFE_KEYS: Final = frozenset({"call_id", "room", "level", "at", "node"})

_PERSONAL_NUMBER: Final = re.compile(
    r"(?<!\d)(?:"
    r"\d{6}[-–. ]?[1-8]\d{6}"  # resident number: birthday, sex and century, serial
    r"|0\d{1,2}[-–.) ]{0,2}\d{3,4}[-–. ]?\d{4}"  # telephone: 02, 031, 010, 070
    r"|\+82[-–. ]?\d{1,2}[-–. ]?\d{3,4}[-–. ]?\d{4}"
    r")(?!\d)"
)
_LINK: Final = re.compile(r"(?<=/v/)[A-Za-z0-9_-]{16,}")
# A number that lost its leading zero on the way to an int: a mobile, or a resident number.
_PERSONAL_INT: Final = re.compile(r"10\d{8}|\d{6}[1-8]\d{6}")
_LEVELS: Final = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def withhold(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Processor: take words and numbers of people out of a log line, whatever its writer thought."""
    for key, value in line.items():
        if key in _SAFE_KEYS:
            continue
        line[key] = WITHHELD if key in _PERSONAL_KEYS else _clean(value)
    return line


def _clean(value: object) -> object:
    if isinstance(value, str):
        return _without(value)
    if isinstance(value, bool | float) or value is None:
        return value
    if isinstance(value, int):
        return WITHHELD if value >= 10**9 and _PERSONAL_INT.fullmatch(str(value)) else value
    if isinstance(value, Mapping):
        return {key: WITHHELD if key in _PERSONAL_KEYS else _clean(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(inner) for inner in value]
    # Structs, exceptions, paths: never let a rich object print its own fields unchecked.
    return _without(str(value) if isinstance(value, BaseException) else _plain(value))


def _without(text: str) -> str:
    return _LINK.sub(WITHHELD, _PERSONAL_NUMBER.sub(WITHHELD, text))


def _plain(value: object) -> str:
    return f"<{type(value).__name__}>" if isinstance(value, msgspec.Struct) else str(value)


def setup(config: LogConfig, node: str) -> None:
    """Send all logs, our own and those of libraries (warnings and up), to stderr. May be called again."""
    level = _LEVELS[config.level]
    structlog.configure(
        processors=[*_enrichment(node), *_rendering(config)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_stderr,
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [handler for handler in root.handlers if not isinstance(handler, _FromLibraries)]
    root.addHandler(_FromLibraries(max(level, logging.WARNING)))


def get_logger(name: str) -> FilteringBoundLogger:
    """A logger that names its room and file: ``get_logger("stt.vad")``. Safe to call at import time."""
    logger: FilteringBoundLogger = structlog.get_logger(room=name)
    return logger


def _enrichment(node: str) -> list[Processor]:
    def with_node(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
        line["node"] = node
        return line

    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        with_node,
        structlog.processors.format_exc_info,
        withhold,
    ]


def _rendering(config: LogConfig) -> list[Processor]:
    if config.format == "json":
        return [structlog.processors.JSONRenderer(serializer=_json)]
    return [
        structlog.processors.EventRenamer("event"),
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            timestamp_key="at",
            exception_formatter=structlog.dev.plain_traceback,
            pad_event_to=0,
        ),
    ]


def _json(line: EventDict, **_options: Any) -> str:
    return msgspec.json.encode(line, enc_hook=str).decode()


def _stderr(*_names: object) -> structlog.WriteLogger:
    # Looked up at each line, not bound at import: tests and the command line may replace sys.stderr.
    return structlog.WriteLogger(sys.stderr)


class _FromLibraries(logging.Handler):
    """Lines of aiohttp, SQLAlchemy and others go the same way as ours, through the same net."""

    def emit(self, record: logging.LogRecord) -> None:
        extra: dict[str, Any] = {"exc_info": record.exc_info} if record.exc_info else {}
        get_logger(record.name).log(record.levelno, record.getMessage(), **extra)


# Lines that are logged before setup() must not land on stdout, which belongs to --json.
setup(LogConfig(level="warning"), node="")
