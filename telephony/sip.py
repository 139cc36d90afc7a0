"""The real bridge: SIP workers supervised, their calls handed out. ``telephony.contract.Bridge``."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Collection, Sequence
from pathlib import Path

from core.config import PeerConfig, RegisterConfig, SipConfig, TlsConfig
from core.errors import BadInput, EnvironmentFault, Refused
from telephony import wire
from telephony.contract import Call, WorkerState
from telephony.digest_key import digest_key
from telephony.prompts_folder import FOLDER
from telephony.request import is_sip_address
from telephony.sip_build import Build, chosen, rtp_ports
from telephony.sip_call import SipCall
from telephony.sip_process import Reserve
from telephony.sip_seat import CLOSING_S, Seat, Watcher

_LONGEST_SOCKET_PATH = 100
"""Unix sockets have 108 bytes for their path."""


class SipBridge:
    """``async with SipBridge(config, run_dir=...) as bridge``: workers ready, calls of a node before adopted.

    Raises ``PortTaken`` and other ``MinwonError`` on entering, ``EnvironmentFault`` at once where the wanted build of
    pjsua2 is not installed. ``run_dir`` holds the workers' sockets; a node that
    is started again with the same folder finds the workers of the one before.
    """

    def __init__(self, config: SipConfig, *, run_dir: Path, peers: Sequence[PeerConfig] = ()) -> None:
        self._config = config
        self._peers = peers
        self._run_dir = run_dir
        self._build = chosen(config.build)
        self._reserve = Reserve(run_dir, self._build)
        self._seats = [self._seat(number) for number in range(config.workers)]
        self._serving: list[asyncio.Task[None]] = []
        self._new: deque[SipCall] = deque()
        self._wake = asyncio.Event()
        self._drained = False

    async def __aenter__(self) -> SipBridge:
        if len(str(self._run_dir)) > _LONGEST_SOCKET_PATH - len("/sip00.sock"):
            raise EnvironmentFault(f"the path of the home folder is too long for Unix sockets: {self._run_dir}")
        self._run_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._seats += self._left_over()
        begun = await asyncio.gather(*(seat.begin() for seat in self._seats), return_exceptions=True)
        failed = [error for error in begun if isinstance(error, BaseException)]
        if failed:
            for seat in self._seats:
                await seat.close()
            await self._reserve.close()
            raise failed[0]
        self._serving = [asyncio.create_task(seat.serve(), name=f"seat-{seat.address}") for seat in self._seats]
        self._reserve.fill()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.drain()
        for seat in self._seats:
            await seat.stop()
        _, late = await asyncio.wait(self._serving, timeout=CLOSING_S)
        for task in late:
            task.cancel()
        results = await asyncio.gather(*self._serving, return_exceptions=True)
        for seat in self._seats:
            await seat.close()
        await self._reserve.close()
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def calls(self) -> AsyncIterator[Call]:
        """See ``Bridge``."""
        while True:
            while self._new:
                yield self._new.popleft()
            if self._drained:
                return
            self._wake.clear()
            await self._wake.wait()

    async def call_out(self, uri: str, *, reference: str = "", ring_timeout_s: float = 30.0) -> Call:
        """See ``Bridge``."""
        if not is_sip_address(uri):
            raise BadInput("a call to the outside needs a SIP address, as sip:NUMBER@EXCHANGE; check sip.outbound")
        for seat in sorted(self._seats, key=lambda seat: seat.room, reverse=True):
            call = await seat.call_out(uri, reference, ring_timeout_s) if seat.room > 0 else None
            if call is not None:
                return call
        raise Refused("no line is free for a call to the outside; try again later", code="no_line")

    def watch(self, watcher: Watcher | None) -> None:
        """Have every SIP message and voice told to ``watcher``; None = no longer. For the engineer's ladder."""
        for seat in self._seats:
            seat.watch(watcher)

    async def drain(self) -> None:
        """See ``Bridge``."""
        self._drained = True
        self._wake.set()
        for seat in self._seats:
            seat.drain()

    @property
    def adopted(self) -> Collection[str]:
        """See ``Bridge``."""
        return [call_id for seat in self._seats for call_id in seat.adopted]

    def workers(self) -> Sequence[WorkerState]:
        """See ``Bridge``."""
        return [seat.state for seat in self._seats[: self._config.workers]]

    @property
    def addresses(self) -> Sequence[str]:
        """See ``Bridge``."""
        return [seat.address for seat in self._seats[: self._config.workers]]

    def _left_over(self) -> list[Seat]:
        """Seats for workers of a node that had more of them: their calls are ours until they end."""
        numbers = (int(path.stem.removeprefix("sip")) for path in self._run_dir.glob("sip[0-9]*.sock"))
        return [self._seat(number, leaving=True) for number in sorted(numbers) if number >= self._config.workers]

    def _seat(self, number: int, *, leaving: bool = False) -> Seat:
        key = digest_key(self._run_dir) if any(peer.user for peer in self._peers) else b""
        settings = worker_settings(self._config, number, self._run_dir, self._peers, build=self._build, digest_key=key)
        return Seat(settings, self._run_dir, self._reserve, self._came, leaving=leaving)

    def _came(self, call: SipCall) -> None:
        # Bounded by the workers' capacity: a call that is not fetched keeps its slot until it ends.
        while self._new and self._new[0].over:
            self._new.popleft()
        self._new.append(call)
        self._wake.set()


def worker_settings(
    config: SipConfig,
    number: int,
    run_dir: Path,
    peers: Sequence[PeerConfig] = (),
    *,
    build: Build,
    digest_key: bytes = b"",
) -> wire.Settings:
    """What worker ``number`` needs of the configuration."""
    name = f"sip{number}"
    ports = rtp_ports(config.rtp_ports, config.rtp_port, config.workers, build)
    return wire.Settings(
        name=name,
        socket=str(run_dir / f"{name}.sock"),
        prompts=str(FOLDER),
        host=config.host,
        public_address=config.public_address,
        port=config.port + number if config.port else 0,
        transports=config.transports,
        tls=_tls(config.tls, number),
        srtp=config.srtp,
        digest_key=digest_key,
        codecs=config.codecs,
        rtp_port=config.rtp_port + ports * number if config.rtp_port else 0,
        rtp_ports=ports,
        build=build.name,
        hotline=config.hotline,
        extensions=config.extensions,
        peers=_peers(config, peers),
        register=_register(config.register, number),
        no_audio_s=config.no_audio_s,
        no_audio_end_s=config.no_audio_end_s,
        session_expires_s=config.session_expires_s,
        retry_after_s=config.retry_after_s,
        caller_id=config.caller_id,
        proxy=config.proxy,
    )


def _peers(config: SipConfig, peers: Sequence[PeerConfig]) -> tuple[wire.Peer, ...]:
    """Peers of their own terms first: the first whose network fits counts."""
    named = [
        wire.Peer(
            name=peer.name,
            networks=peer.networks,
            srtp=peer.srtp,
            tls_only=peer.tls_only,
            user=peer.user,
            password=peer.password,
            md5_only=peer.md5_only,
            recorder=peer.recorder,
            invites_per_s=peer.invites_per_s,
        )
        for peer in peers
    ]
    if config.fronts:
        named.append(wire.Peer(name="front", networks=config.fronts, srtp=config.srtp, front=True))
    if config.trunks:
        trunks = wire.Peer(name="trunks", networks=config.trunks, srtp=config.srtp, invites_per_s=config.invites_per_s)
        named.append(trunks)
    return tuple(named)


def _tls(config: TlsConfig | None, number: int) -> wire.Tls | None:
    if config is None:
        return None
    return wire.Tls(
        port=config.port + 2 * number if config.port else 0,
        certificate_file=config.certificate_file,
        key_file=config.key_file,
        ca_file=config.ca_file,
        client_certificates=config.client_certificates,
    )


def _register(config: RegisterConfig | None, number: int) -> wire.Register | None:
    if config is None:
        return None
    user = config.users[number] if number < len(config.users) else config.user
    return wire.Register(
        registrar=config.registrar,
        user=user,
        auth_user=config.auth_user or user,
        password=config.password,
        expires_s=config.expires_s,
    )
