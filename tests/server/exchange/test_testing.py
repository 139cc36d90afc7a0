"""`minwon exchange test` against real peers, good ones and faulty ones (SIPp)."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from core.config import Config, RegisterConfig, SipConfig, TlsConfig
from core.home import Home
from server.exchange import calling, testing
from server.exchange.line import Line
from server.exchange.run_test import show
from server.exchange.step import Step, report_of
from server.exchange.testing import Examination
from server.exchange.watch_door import WatchDoor
from tests.fakes.exchange_line import HOST, asks_for_password, exchange, good
from tests.lab.exchange import PASSWORD, city_exchange
from tests.patience import until
from tests.sip.pki import Authority
from tests.sip.sipp import Sipp

pytestmark = pytest.mark.sip
CONFIG = Config(sip=SipConfig(port=0, rtp_port=0, transports=("udp",)))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No slow network here."""
    monkeypatch.setattr(calling, "_KEY_S", 0.02)
    monkeypatch.setattr(testing, "_RESOLVE_S", 2.0)


@pytest.fixture
def no_announcement(monkeypatch: pytest.MonkeyPatch) -> None:
    """What echoes does so at once or never."""
    monkeypatch.setattr(calling, "_ECHO_S", 0.6)
    monkeypatch.setattr(calling, "_SILENCES", 1)


async def steps(home: Home, config: Config = CONFIG, to: str = "") -> dict[str, Step]:
    examination = Examination(config, home, to=to)
    return {step.name: step async for step in examination.steps()}


@contextlib.asynccontextmanager
async def sipp(folder: Path, scenario: str, *, echo: bool = False, **fill: str) -> AsyncIterator[Sipp]:
    """A peer that listens."""
    async with Sipp(folder, scenario, echo=echo, calls=3, fill={"formats": "8 120", **fill}) as peer:
        await until(lambda: _taken(peer.port))
        yield peer


def _taken(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
        return False


def states(of: dict[str, Step]) -> dict[str, str]:
    return {name: step.state for name, step in of.items() if step.state != "ok"}


@pytest.mark.usefixtures("no_announcement")
async def test_an_echo_number_of_an_exchange(tmp_path: Path, home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    """Kamailio by TLS, with digest: everything that the kit can see."""
    city = Authority(tmp_path / "city")
    certificate, key = city.issue("kamailio")
    tls = TlsConfig(certificate_file=str(certificate), key_file=str(key), ca_file=str(city.file))
    async with (
        sipp(tmp_path, "echo", echo=True) as echo,
        city_exchange(
            tmp_path / "exchange", trunks={"9196": f"{HOST}:{echo.port}"}, tls=(certificate, key, city.file)
        ) as pbx,
    ):
        register = RegisterConfig(registrar=f"sip:{pbx.address}", user="7101", password=PASSWORD)
        sip = SipConfig(port=0, rtp_port=0, transports=("udp", "tls"), tls=tls, register=register)
        # On a busy machine a packet may come late, which is worth a note, or so late that it is worth another try.
        noted = {("audio", "note"), ("packets", "note"), ("clock", "note")}
        for _ in range(2):
            told = await steps(home, Config(sip=sip), to=f"sip:9196@{HOST}:{pbx.tls_port};transport=tls")
            if set(states(told).items()) <= noted:
                break
    assert set(states(told).items()) <= noted
    assert list(told) == [
        "names", "place", "options tls", "nat", "register", "call", "codec", "audio", "rtp", "packets", "clock", "keys",
        "keys by INFO", "hold", "end",
    ]  # fmt: skip
    assert told["options tls"].facts["tls"]["version"] in ("TLSv1.2", "TLSv1.3")
    assert "kamailio" in told["options tls"].says and told["register"].facts["digest"]
    assert told["audio"].facts["echo"]
    assert told["keys"].facts["back"] == "159#"
    assert told["packets"].facts["packet_ms"] == 20
    show(report_of("x", list(told.values())))
    assert "It works." in capsys.readouterr().out


@pytest.mark.usefixtures("no_announcement")
async def test_one_way(tmp_path: Path, home: Home) -> None:
    async with sipp(tmp_path, "echo", formats="8") as peer:
        told = await steps(home, to=peer.uri)
    assert (told["audio"].state, "one-way" in told["audio"].says) == ("fault", True)
    assert told["end"].state == "ok"


async def test_a_codec_that_we_do_not_speak(tmp_path: Path, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "_MEDIA_S", 1.0)  # it never comes
    async with sipp(tmp_path, "echo", formats="18") as peer:
        told = await steps(home, to=peer.uri)
    assert "G729" in told["call"].says and told["call"].state == "fault"


async def test_forbidden(tmp_path: Path, home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    async with sipp(tmp_path, "agent_refuses", status="403") as peer:
        told = await steps(home, to=peer.uri)
    assert told["call"].facts["status"] == 403 and told["call"].state == "fault"
    show(report_of("x", list(told.values())))
    assert "1 to mend" in capsys.readouterr().out


async def test_only_udp(home: Home) -> None:
    """TCP is configured, nobody listens on it: a note, because UDP works."""
    async with exchange(good, "udp") as port:
        told = await steps(
            home, Config(sip=SipConfig(outbound=f"sip:{{number}}@{HOST}:{port}", port=0, rtp_port=0)), ""
        )
        assert told["options udp"].state == "ok" and told["options tcp"].state == "note"
        assert "sip.transports" in told["options tcp"].change
        ourselves = {name: step for name, step in told.items() if name in ("call", "audio", "keys", "hold", "end")}
        assert {step.state for step in ourselves.values()} <= {"ok", "note"}, ourselves
        assert told["end"].facts["bye_came"]


async def test_nobody_there(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    async with exchange(good, "udp") as port:
        pass
    told = await steps(home, to=f"sip:9196@{HOST}:{port}")
    assert states(told) == {"options udp": "fault", "call": "skipped"}


async def test_unknown_name(home: Home) -> None:
    told = await steps(home, to="sip:9196@pbx.invalid")
    assert states(told) == {"names": "fault", "call": "skipped"}


@pytest.mark.parametrize(("password", "state"), [("geheim", "ok"), ("falsch", "fault")])
async def test_registration(home: Home, monkeypatch: pytest.MonkeyPatch, password: str, state: str) -> None:
    monkeypatch.setattr(testing, "call_ourselves", _no_call)
    async with exchange(_registrar, "udp") as port:
        register = RegisterConfig(registrar=f"sip:{HOST}:{port}", user="7100", password=password)
        told = await steps(home, Config(sip=SipConfig(register=register, transports=("udp",))))
        assert told["register"].state == state
        assert told["register"].facts["bound"]


async def test_a_running_node_keeps_its_registration(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(testing, "call_ourselves", _no_call)
    sent: list[Any] = []
    ask_as = Line.ask_as

    async def noting(self: Line, *args: Any, **rest: Any) -> Any:
        sent.append(rest["headers"])
        return await ask_as(self, *args, **rest)

    monkeypatch.setattr(Line, "ask_as", noting)
    async with exchange(_registrar, "udp") as port, WatchDoor(home.run, _NoBridge(), dict, list):
        register = RegisterConfig(registrar=f"sip:{HOST}:{port}", user="7100", password="geheim")
        told = await steps(home, Config(sip=SipConfig(register=register, transports=("udp",))))
    assert sent == [()]  # without a Contact: nothing is bound, nothing is taken away
    assert "a node is running" in told["register"].says


def _registrar(to: bytes) -> bytes:
    return good(to) if to.startswith(b"OPTIONS") else asks_for_password(to)


async def _no_call(*_: object) -> Any:
    from server.exchange.call_facts import CallFacts

    return CallFacts(to="nobody")


class _NoBridge:
    def watch(self, watcher: object) -> None:
        pass
