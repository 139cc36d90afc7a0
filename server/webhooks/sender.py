"""Opens the connections to receivers: signed, bounded in time and size, to allowed addresses alone."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from datetime import datetime
from typing import Final

import aiohttp
import msgspec
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from core.store.webhooks import Delivery
from core.version import VERSION
from core.webhook_signature import SIGNATURE, signed
from server.webhooks.addresses import Addresses

ANSWER_BYTES: Final = 64 * 1024
"""Of an answer's body that are read, so that a connection can be used again; nothing is made of them."""
_CONNECT_S: Final = 5.0


class Outcome(msgspec.Struct, frozen=True):
    """What came of one try."""

    status: int
    """Of the answer, 0 = there was none."""
    fault: str = ""
    """'' = the receiver has it."""


class AddressRefused(OSError):
    """A name resolves to where nothing may be sent."""


class Sender:
    """One for the node; make it on the event loop."""

    def __init__(self, addresses: Addresses, *, timeout_s: float) -> None:
        self._addresses = addresses
        timeout = aiohttp.ClientTimeout(total=timeout_s, sock_connect=min(_CONNECT_S, timeout_s))
        self._sessions = {
            scheme: aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit_per_host=4, resolver=_Resolver(addresses, scheme)),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=timeout,
                headers={"User-Agent": f"minwon/{VERSION}"},
                trust_env=False,
            )
            for scheme in ("https", "http")
        }

    async def send(self, url: str, delivery: Delivery, keys: Iterable[bytes], at: datetime) -> Outcome:
        """One try. ``keys``: each signs, the newest first. Never raises for what a receiver does."""
        where, body = URL(url), delivery.body.encode()
        headers: dict[str, str] = {}
        for key in keys:
            made = signed(key, delivery.delivery_id, at, body)
            headers = made | ({SIGNATURE: f"{headers[SIGNATURE]} {made[SIGNATURE]}"} if headers else {})
        literal = where.host or ""
        if _is_literal(literal) and not self._addresses.allows(literal, where.scheme):
            return Outcome(0, "address")
        try:
            async with self._sessions[where.scheme].post(
                where, data=body, headers={**headers, "Content-Type": "application/json"}, allow_redirects=False
            ) as answer:
                await answer.content.read(ANSWER_BYTES)
                return Outcome(answer.status, "" if 200 <= answer.status < 300 else "status")
        except TimeoutError:
            return Outcome(0, "time_out")
        except aiohttp.ClientSSLError:
            return Outcome(0, "tls")
        except aiohttp.ClientConnectorError as fault:
            return Outcome(0, "address" if isinstance(fault.os_error, AddressRefused) else "connect")
        except (aiohttp.ClientError, asyncio.IncompleteReadError, OSError, ValueError):
            return Outcome(0, "broken")

    async def close(self) -> None:
        """Close the connections. Idempotent."""
        for session in self._sessions.values():
            await session.close()


class _Resolver(AbstractResolver):
    """The usual one, without addresses to which nothing may be sent."""

    def __init__(self, addresses: Addresses, scheme: str) -> None:
        self._addresses = addresses
        self._scheme = scheme
        self._usual = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._usual.resolve(host, port, family)
        allowed = [each for each in found if self._addresses.allows(each["host"], self._scheme)]
        if not allowed:
            raise AddressRefused(f"{host} resolves to where nothing may be sent")
        return allowed

    async def close(self) -> None:
        await self._usual.close()


def _is_literal(host: str) -> bool:
    try:
        socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return False
    return True
