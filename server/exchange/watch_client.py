"""The watcher's end of the node's watch socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from core.errors import EnvironmentFault, Refused
from server.exchange.watch_messages import WATCH_SOCKET, AnyTold, Ask, Sorry, to_line, told_from

_LINE = 1 << 20
_WELCOME_S = 5.0


async def watch(run: Path, ask: Ask) -> AsyncIterator[AnyTold]:
    """What the node tells, ``Welcome`` first, until it ends. ``EnvironmentFault`` without a node, ``Refused``."""
    try:
        reader, writer = await asyncio.open_unix_connection(str(run / WATCH_SOCKET), limit=_LINE)
    except PermissionError:
        raise Refused("this node belongs to another user: watch as that user, or as root") from None
    except OSError:
        raise EnvironmentFault(
            f"no node runs with the home folder {run.parent}: start it, or name its configuration by --config"
        ) from None
    try:
        writer.write(to_line(ask))
        async with asyncio.timeout(_WELCOME_S):
            first = await reader.readline()
        async for told in _lines(first, reader):
            if isinstance(told, Sorry):
                raise Refused(told.why)
            yield told
    except TimeoutError:
        raise EnvironmentFault("the node does not answer: it is busy, or hangs; see its log") from None
    except ConnectionError:
        return
    except (msgspec.MsgspecError, ValueError):
        raise EnvironmentFault("the node speaks another version: use the minwon that it was started with") from None
    finally:
        writer.close()


async def _lines(first: bytes, reader: asyncio.StreamReader) -> AsyncIterator[AnyTold]:
    line = first
    while line:
        yield told_from(line)
        line = await reader.readline()
