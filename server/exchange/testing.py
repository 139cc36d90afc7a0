"""``minwon exchange test``: all steps in order, each with its verdict."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable

from core.config import Config, RegisterConfig
from core.errors import MinwonError
from core.home import Home
from server.exchange import asking, target
from server.exchange.call_facts import CallFacts
from server.exchange.call_verdicts import judged
from server.exchange.calling import call_echo, call_ourselves
from server.exchange.line import Asked, Line, Silent
from server.exchange.step import Step
from server.exchange.target import Target, Transport
from server.exchange.watch_messages import WATCH_SOCKET
from telephony.sip_text import Digest

_RESOLVE_S = 5.0
_TRIED_EXPIRES_S = 60
"""The registration that we try is taken back at once; should that fail, it shall not last."""

Follow = Callable[[str], None]


class Examination:
    """One run. ``steps()`` gives each verdict when it is there; the facts of the call stay for a picture."""

    def __init__(self, config: Config, home: Home, *, to: str = "", follow: Follow = lambda what: None) -> None:
        """``BadInput`` for a ``to`` that is no SIP address."""
        self._config, self._home, self._to, self._follow = config, home, to, follow
        self._target = target.target_of(config, to)
        self._ours = ""
        """Our address on the way to the exchange."""
        self.call: CallFacts | None = None

    @property
    def exchange(self) -> str:
        """host:port of the exchange; '' = none is known."""
        found = self._target
        return f"{found.host}:{found.port_of(found.transports[0])}" if found else ""

    async def steps(self) -> AsyncIterator[Step]:
        """One after the other; what makes no sense after a fault is left out, and said so."""
        reached = True
        if self._target is None:
            yield Step(
                name="exchange",
                state="note",
                says="no exchange is named in the configuration: only this machine is tried",
                change="give --to sip:ECHO@EXCHANGE, or set sip.register, sip.outbound or its address in sip.trunks",
            )
        else:
            reached = False
            async for step in self._exchange(self._target):
                reached = reached or (step.name.startswith("options") and step.state != "fault")
                yield step
        if self._to and not reached:
            yield Step(name="call", state="skipped", says="no call was tried: the exchange does not answer at all")
            return
        try:
            facts = await (
                call_echo(self._config, self._to, self._host, self._follow)
                if self._to
                else call_ourselves(self._config, self._host or "127.0.0.1", self._follow)
            )
        except MinwonError as fault:
            yield Step(name="call", state="fault", says=str(fault), change="see `minwon check`")
            return
        self.call = facts
        for step in judged(facts):
            yield step

    @property
    def _host(self) -> str:
        """The address to call from: the configured one, unless it could not reach the exchange."""
        host = self._config.sip.host
        useless = host in ("", "0.0.0.0") or (host.startswith("127.") and not self._ours.startswith("127."))
        return self._ours if useless else host

    async def _exchange(self, found: Target) -> AsyncIterator[Step]:
        self._follow(f"looking up {found.host}")
        addresses, fault = await _addresses(found.host)
        yield target.named(found, addresses, fault)
        if not addresses:
            return
        address = addresses[0]
        ours = self._ours = _our_address(address)
        yield target.placed(self._config, address, ours)
        answered: list[tuple[Transport, Asked]] = []
        silent: list[tuple[Transport, Silent]] = []
        for transport in found.transports:
            self._follow(f"OPTIONS by {transport}")
            try:
                asked, tls = await self._options(transport, found, address)
            except Silent as silence:
                silent.append((transport, silence))
            else:
                answered.append((transport, asked))
                yield asking.answered(transport, asked, self._config.sip, tls)
        for transport, fault_of_it in silent:
            yield asking.unanswered(transport, found, fault_of_it, others=bool(answered))
        if answered:
            yield asking.seen_as(answered[0][1], self._config.sip)
        register = self._config.sip.register
        if register is not None and (not self._to or found.host in register.registrar):
            yield await self._register(register, found, address, [transport for transport, _ in answered])

    async def _options(self, transport: Transport, found: Target, address: str) -> tuple[Asked, dict[str, object]]:
        async with self._line(transport, found, address) as line:
            uri = f"sip:{found.host}:{found.port_of(transport)}"
            asked = await line.ask(
                "OPTIONS", uri, sender=f"sip:minwon@{line.ours}", receiver=uri, headers=(("Accept", "application/sdp"),)
            )
            return asked, line.tls

    async def _register(
        self, register: RegisterConfig, found: Target, address: str, transports: list[Transport]
    ) -> Step:
        if not transports:
            return Step(name="register", state="skipped", says="not tried: the exchange does not answer at all")
        self._follow("REGISTER")
        bind = not _node_runs(self._home)  # some exchanges keep one contact alone: ours would push the node's out
        who = Digest(register.auth_user or register.user, register.password)
        uri = f"sip:{found.host}"
        aor = f"sip:{register.user}@{found.host}"
        try:
            async with self._line(transports[0], found, address) as line:
                contact = f"sip:{register.user}@{line.ours};transport={transports[0]}"
                asks = (("Contact", f"<{contact}>"), ("Expires", str(_TRIED_EXPIRES_S))) if bind else ()
                asked, challenged = await line.ask_as(who, "REGISTER", uri, sender=aor, receiver=aor, headers=asks)
                if bind and asked.reply.status // 100 == 2:
                    back = (("Contact", f"<{contact}>"), ("Expires", "0"))
                    await line.ask_as(who, "REGISTER", uri, sender=aor, receiver=aor, headers=back)
                return asking.registered(asked, challenged, register.expires_s, bound=bind, contact=contact)
        except Silent as silence:
            return Step(
                name="register",
                state="fault",
                says=f"REGISTER: {silence}",
                change="some exchanges take registrations on another port or address: see sip.register.registrar",
            )

    def _line(self, transport: Transport, found: Target, address: str) -> Line:
        tls = self._config.sip.tls
        ca_file, port = tls.ca_file if tls else "", found.port_of(transport)
        return Line(transport, address, port, bind=self._host, ca_file=ca_file, name=found.host)


async def _addresses(host: str) -> tuple[list[str], str]:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(_RESOLVE_S):
            rows = await loop.getaddrinfo(host.strip("[]"), None, family=socket.AF_INET, type=socket.SOCK_DGRAM)
    except TimeoutError:
        return [], "the DNS server does not answer"
    except OSError as fault:
        return [], fault.strerror or "unknown"
    return list(dict.fromkeys(str(row[4][0]) for row in rows)), ""


def _our_address(exchange: str) -> str:
    """The address that this machine uses on the way there; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((exchange, 9))
        except OSError:
            return ""
        return str(probe.getsockname()[0])


def _node_runs(home: Home) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(home.run / WATCH_SOCKET))
        except OSError:
            return False
        return True
