"""SIP over TLS: which version, whose certificate, rubbish on the port, and a new certificate while people talk."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from core.config import SipConfig, TlsConfig
from telephony.contract import LegEnded
from telephony.sip import SipBridge
from telephony.sip_build import Kind
from tests.patience import until
from tests.sip.attendant import Attendant, tones
from tests.sip.conftest import short
from tests.sip.pki import Authority
from tests.sip.secure_phone import SecurePhone
from tests.sip.sipp import HOST

pytestmark = [pytest.mark.sip, pytest.mark.asyncio(loop_scope="module")]


class City:
    """A bridge with TLS, the city's authority, and the files that the bridge reads."""

    def __init__(self, folder: Path) -> None:
        self.authority = Authority(folder / "pki")
        self.certificate, self.key = folder / "live.pem", folder / "live.key"
        self.use("first")
        self.config = SipConfig(
            port=0,
            rtp_port=0,
            workers=1,
            transports=("udp", "tls"),
            srtp="required",
            tls=TlsConfig(
                port=0,
                certificate_file=str(self.certificate),
                key_file=str(self.key),
                ca_file=str(self.authority.file),
                client_certificates=True,
            ),
        )

    def use(self, name: str) -> None:
        """Replace the files as an engineer does: one after the other."""
        certificate, key = self.authority.issue(name)
        shutil.copy(key, self.key)
        self.key.chmod(0o600)
        shutil.copy(certificate, self.certificate)


class TlsClient:
    """A peer with one TLS connection. ``async with`` = the handshakes are done."""

    def __init__(self, to: str, city: City, *, certificate: bool = True) -> None:
        self._host, _, self._port = to.rpartition(":")
        self.context = ssl.create_default_context(cafile=str(city.authority.file))
        if certificate:
            self.context.load_cert_chain(*city.authority.issue("client"))

    async def __aenter__(self) -> TlsClient:
        self._reader, self._writer = await asyncio.open_connection(self._host, int(self._port), ssl=self.context)
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._writer.transport.abort()  # pjsip waits for the end of the connection, not of TLS

    async def options(self) -> bool:
        """Whether an OPTIONS is answered with 200."""
        mark = os.urandom(4).hex()
        self._writer.write(
            f"OPTIONS sip:120@{HOST} SIP/2.0\r\nVia: SIP/2.0/TLS {HOST};branch=z9hG4bK{mark};rport\r\n"
            f"From: <sip:a@{HOST}>;tag=1\r\nTo: <sip:120@{HOST}>\r\nCall-ID: {mark}\r\nCSeq: 1 OPTIONS\r\n"
            "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n".encode()
        )
        async with asyncio.timeout(5):
            return (await self._reader.readuntil(b"\r\n\r\n")).startswith(b"SIP/2.0 200")

    def shown(self) -> str:
        """The common name of the certificate that the bridge showed."""
        subject = self._writer.get_extra_info("peercert")["subject"]
        return str(dict(part[0] for part in subject)["commonName"])


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, build: Kind) -> City:
    return City(short(tmp_path_factory))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bridge(city: City, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SipBridge]:
    async with SipBridge(city.config, run_dir=short(tmp_path_factory) / "run") as one:
        yield one


async def shown(bridge: SipBridge, city: City) -> str:
    """The certificate that a new client sees."""
    async with TlsClient(bridge.workers()[0].tls_address, city) as client:
        assert await client.options()
        return client.shown()


async def test_a_peer_with_a_certificate_of_the_city_is_answered(bridge: SipBridge, city: City) -> None:
    assert await shown(bridge, city) == "first"


async def test_a_phone_of_another_authority_is_not_called_and_the_engineer_hears_why(
    bridge: SipBridge, city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Authority(city.certificate.parent / "elsewhere")
    async with SecurePhone(tmp_path, other) as phone:
        call = await bridge.call_out(phone.uri, ring_timeout_s=5)
        await call.answer()
        (ended,) = [signal async for signal in call.signals()]
    assert isinstance(ended, LegEnded) and ended.status == 503
    said = ""

    def told() -> bool:
        nonlocal said
        said += capsys.readouterr().err
        return "tls.peer_not_trusted" in said

    await until(told)


async def test_others_are_not(bridge: SipBridge, city: City) -> None:
    async def refused(client: TlsClient) -> bool:
        try:
            async with client:
                return not await client.options()
        except (OSError, asyncio.IncompleteReadError):
            return True

    address = bridge.workers()[0].tls_address
    assert await refused(TlsClient(address, city, certificate=False))
    other = Authority(city.certificate.parent / "other")
    stranger = TlsClient(address, city, certificate=False)
    stranger.context.load_cert_chain(*other.issue("stranger"))
    assert await refused(stranger)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
async def test_nothing_older_than_tls_1_2(bridge: SipBridge, city: City) -> None:
    old = TlsClient(bridge.workers()[0].tls_address, city)
    old.context.set_ciphers("ALL:@SECLEVEL=0")
    old.context.minimum_version = ssl.TLSVersion.TLSv1
    old.context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(OSError):
        await old.__aenter__()
    newer = TlsClient(bridge.workers()[0].tls_address, city)
    newer.context.maximum_version = ssl.TLSVersion.TLSv1_2
    async with newer:
        assert await newer.options()


async def test_rubbish_on_the_port_harms_nothing(bridge: SipBridge, city: City) -> None:
    host, _, port = bridge.workers()[0].tls_address.rpartition(":")
    dice = random.Random(7)
    pid = bridge.workers()[0].pid
    hello = ssl.MemoryBIO()
    with contextlib.suppress(ssl.SSLWantReadError):
        TlsClient(f"{host}:{port}", city).context.wrap_bio(ssl.MemoryBIO(), hello, server_hostname=host).do_handshake()
    greeting = hello.read()
    writers = []
    for number in range(12):
        _reader, writer = await asyncio.open_connection(host, int(port))
        half = greeting[: dice.randrange(1, len(greeting))]
        broken = bytearray(greeting)
        broken[dice.randrange(len(broken))] ^= 0xFF
        writer.write((dice.randbytes(400), half, greeting, bytes(broken))[number % 4])
        writers.append(writer)
    async with TlsClient(f"{host}:{port}", city) as client:
        assert await client.options(), "while they all wait"
    for writer in writers:
        writer.transport.abort()
    assert await shown(bridge, city)
    assert bridge.workers()[0].pid == pid and bridge.workers()[0].restarts == 0


@pytest.mark.slow
async def test_a_new_certificate_while_people_talk(bridge: SipBridge, city: City, tmp_path: Path) -> None:
    us = bridge.workers()[0].tls_address

    async def is_shown(name: str) -> None:
        async with asyncio.timeout(15):
            while await shown(bridge, city) != name:  # noqa: ASYNC110
                await asyncio.sleep(0.2)

    async with (
        SecurePhone(tmp_path, city.authority, srtp="srtp-mand", hertz=1000) as agent,
        Attendant(bridge, [agent.uri]).at_work() as attendant,
        TlsClient(us, city) as old,
    ):
        async with SecurePhone(tmp_path, city.authority, dials=f"sip:120@{us};transport=tls", srtp="srtp-mand"):
            attended = await attendant.joined()
            city.use("second")
            await is_shown("second")
            assert await old.options() and old.shown() == "first", "who is connected stays so"
            before = len(attended.frames["caller"])
            city.certificate.write_text("no certificate", "utf-8")
            await asyncio.sleep(2.5)
            assert await shown(bridge, city) == "second", "a broken one is not taken"
            assert not attended.over.is_set()
            await until(lambda: len(attended.frames["caller"]) > before + 50)
        assert (await attendant.over()).ended.by_peer, "its BYE came by the old connection"
        city.use("third")
        await is_shown("third")
    assert attended.tones("caller") == {440} and attended.tones("agent") == {1000}
    assert attended.call.trunk.endswith("/tls")
    assert 440 in tones(agent.heard())
