"""One request to an exchange and its answer, over UDP, TCP or TLS, with plain sockets: no stack, no state."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
import ssl
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import msgspec

from core.errors import EnvironmentFault
from server.exchange.target import Transport
from telephony.sip_text import Digest, Reply, authorization, cut, reply_from, request_text

ANSWER_S = 4.0
"""How long an answer may take; an exchange on the city's network needs milliseconds."""
_RETRANSMIT_S = (0.5, 1.0, 2.0)
"""RFC 3261 section 17.1.2: T1 and its doublings, over UDP."""
_MOST = 65_536


class Silent(EnvironmentFault):
    """The exchange did not answer; the message says in which way."""

    code = "no_answer"


class Asked(msgspec.Struct, frozen=True):
    """How a request went."""

    reply: Reply
    took_ms: float
    ours: str
    """host:port that we sent from."""
    tries: int = 1
    """UDP: how often it had to be sent."""


class Line:
    """``async with Line("udp", "10.0.0.5", 5060) as line``. Raises ``Silent`` with what the network said."""

    def __init__(
        self, transport: Transport, host: str, port: int, *, bind: str = "", ca_file: str = "", name: str = ""
    ) -> None:
        """``name``: what the exchange's certificate must be for; '' = its address."""
        self._transport = transport
        self._host, self._port, self._bind = host, port, bind
        self._ca_file, self._name = ca_file, name or host
        self._socket: socket.socket | None = None
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._call_id, self._cseq = secrets.token_hex(8), 0
        self._tag = secrets.token_hex(4)
        self.ours = ""
        """host:port of our end."""
        self.tls: dict[str, Any] = {}
        """Version, cipher and the exchange's certificate, over TLS."""

    async def __aenter__(self) -> Self:
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._connect()
        except TimeoutError:
            raise Silent("no connection: filtered, or down") from None
        except ssl.SSLCertVerificationError as fault:
            raise Silent(f"its certificate is not trusted: {fault.verify_message}", code="certificate") from None
        except ssl.SSLError as fault:
            raise Silent(f"no TLS 1.2 or newer there: {fault.reason or fault}", code="tls") from None
        except ConnectionRefusedError:
            raise Silent("nobody listens on that port") from None
        except OSError as fault:
            raise Silent(fault.strerror or str(fault)) from None
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._writer is not None:
            self._writer.close()
            with contextlib.suppress(OSError, ssl.SSLError):
                await self._writer.wait_closed()
        if self._socket is not None:
            self._socket.close()

    async def ask(
        self, method: str, uri: str, *, sender: str, receiver: str, headers: Sequence[tuple[str, str]] = ()
    ) -> Asked:
        """Send a request of this line's one conversation; its final answer."""
        self._cseq += 1
        text = request_text(
            method,
            uri,
            via=f"{self._transport.upper()} {self.ours}",
            branch=secrets.token_hex(8),
            sender=sender,
            receiver=receiver,
            tag=self._tag,
            call_id=self._call_id,
            cseq=self._cseq,
            headers=headers,
        )
        began = time.perf_counter()
        try:
            async with asyncio.timeout(ANSWER_S):
                reply, tries = await (self._by_udp(text) if self._socket is not None else self._by_stream(text))
        except TimeoutError:
            raise Silent(f"no answer to {method} within {ANSWER_S:.0f} s") from None
        except (ConnectionError, asyncio.IncompleteReadError) as fault:
            refused = isinstance(fault, ConnectionRefusedError)
            says = "nobody listens on that port" if refused else "it closed the connection without an answer"
            raise Silent(says) from None
        return Asked(reply, (time.perf_counter() - began) * 1000, self.ours, tries)

    async def ask_as(
        self, who: Digest, method: str, uri: str, *, sender: str, receiver: str, headers: Sequence[tuple[str, str]] = ()
    ) -> tuple[Asked, bool]:
        """``ask``, and answer its challenge once. Also whether there was one."""
        first = await self.ask(method, uri, sender=sender, receiver=receiver, headers=headers)
        proof = proof_for(first.reply, who, method, uri)
        if proof is None:
            return first, first.reply.status in (401, 407)
        return await self.ask(method, uri, sender=sender, receiver=receiver, headers=[*headers, proof]), True

    async def _connect(self) -> None:
        if self._transport == "udp":
            family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
            self._socket = socket.socket(family, socket.SOCK_DGRAM)
            self._socket.setblocking(False)
            if self._bind:
                self._socket.bind((self._bind, 0))
            self._socket.connect((self._host, self._port))  # so that ICMP's «nobody there» reaches us
            name = self._socket.getsockname()
        else:
            context = client_context(self._ca_file) if self._transport == "tls" else None
            self._reader, self._writer = await asyncio.open_connection(
                self._host,
                self._port,
                ssl=context,
                server_hostname=self._name if context else None,
                local_addr=(self._bind, 0) if self._bind else None,
            )
            name = self._writer.get_extra_info("sockname")
            self._note_tls(self._writer)
        self.ours = f"[{name[0]}]:{name[1]}" if ":" in name[0] else f"{name[0]}:{name[1]}"

    def _note_tls(self, writer: asyncio.StreamWriter) -> None:
        secured = writer.get_extra_info("ssl_object")
        if secured is not None:
            certificate = secured.getpeercert() or {}
            self.tls = {
                "version": secured.version(),
                "cipher": secured.cipher()[0],
                "expires": certificate.get("notAfter", ""),
                "names": [value for _, value in certificate.get("subjectAltName", ())],
            }

    async def _by_udp(self, text: bytes) -> tuple[Reply, int]:
        assert self._socket is not None
        loop = asyncio.get_running_loop()
        for tries, wait_s in enumerate((*_RETRANSMIT_S, ANSWER_S), start=1):
            await loop.sock_sendall(self._socket, text)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    while True:
                        reply = self._final(await loop.sock_recv(self._socket, _MOST))
                        if reply is not None:
                            return reply, tries
        raise TimeoutError

    async def _by_stream(self, text: bytes) -> tuple[Reply, int]:
        assert self._reader is not None and self._writer is not None
        self._writer.write(text)
        await self._writer.drain()
        buffer = b""
        while len(buffer) < _MOST:
            data = await self._reader.read(_MOST)
            if not data:
                raise ConnectionResetError
            buffer += data
            message, buffer = cut(buffer)
            while message:
                reply = self._final(message)
                if reply is not None:
                    return reply, 1
                message, buffer = cut(buffer)
        raise ConnectionResetError

    def _final(self, message: bytes) -> Reply | None:
        reply = reply_from(message)
        ours = reply is not None and reply.first("call-id") == self._call_id
        return reply if ours and reply is not None and self._is_last(reply) else None

    def _is_last(self, reply: Reply) -> bool:
        return reply.status >= 200 and reply.first("cseq").split()[:1] == [str(self._cseq)]


def proof_for(reply: Reply, who: Digest, method: str, uri: str) -> tuple[str, str] | None:
    """The header that answers a challenge; None if it was none, or one that we cannot answer."""
    asks, proves = ("www-authenticate", "Authorization")
    if reply.status == 407:
        asks, proves = ("proxy-authenticate", "Proxy-Authorization")
    elif reply.status != 401:
        return None
    for name, value in reply.headers:
        proof = authorization(value, who, method, uri, secrets.token_hex(8)) if name == asks else ""
        if proof:
            return proves, proof
    return None


def client_context(ca_file: str) -> ssl.SSLContext:
    """TLS 1.2 or newer; the peer's certificate is checked when ``ca_file`` names who may vouch for it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:
        context.load_verify_locations(Path(ca_file))
    else:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
