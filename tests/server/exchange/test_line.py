"""One request and its answer over real sockets, against an exchange of a few lines."""

from __future__ import annotations

import pytest

from server.exchange import line as line_file
from server.exchange.line import Line, Silent, client_context
from telephony.sip_text import Digest
from tests.fakes.exchange_line import HOST, asks_for_password, exchange, good

WHO = Digest("7100", "geheim")


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_options(transport: line_file.Transport) -> None:
    async with exchange(good, transport) as port, Line(transport, HOST, port) as line:
        asked = await line.ask("OPTIONS", "sip:x", sender="sip:a@b", receiver="sip:x")
        assert (asked.reply.status, asked.reply.first("server"), asked.tries) == (200, "Test 1", 1)
        assert asked.ours == line.ours and asked.ours.startswith(f"{HOST}:")


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_register_with_digest(transport: line_file.Transport) -> None:
    async with exchange(asks_for_password, transport) as port, Line(transport, HOST, port) as line:
        asked, challenged = await line.ask_as(WHO, "REGISTER", "sip:x", sender="sip:a@b", receiver="sip:a@b")
        assert (asked.reply.status, challenged) == (200, True)
        wrong, _ = await line.ask_as(
            Digest("7100", "falsch"), "REGISTER", "sip:x", sender="sip:a@b", receiver="sip:a@b"
        )
        assert wrong.reply.status == 401


async def test_lost_requests_are_sent_again() -> None:
    async with exchange(good, "udp", deaf=1) as port, Line("udp", HOST, port) as line:
        asked = await line.ask("OPTIONS", "sip:x", sender="sip:a@b", receiver="sip:x")
        assert asked.tries == 2


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_nobody_listens(transport: line_file.Transport) -> None:
    async with exchange(good, transport) as port:
        pass
    with pytest.raises(Silent, match="nobody listens"):
        async with Line(transport, HOST, port) as line:
            await line.ask("OPTIONS", "sip:x", sender="sip:a@b", receiver="sip:x")


async def test_mute_and_hanging_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_file, "ANSWER_S", 0.3)
    async with exchange(good, "udp", deaf=99) as port, Line("udp", HOST, port) as line:
        with pytest.raises(Silent, match="no answer to OPTIONS"):
            await line.ask("OPTIONS", "sip:x", sender="sip:a@b", receiver="sip:x")
    async with exchange(lambda to: b"", "tcp") as port, Line("tcp", HOST, port) as line:
        with pytest.raises(Silent, match="closed the connection"):
            await line.ask("OPTIONS", "sip:x", sender="sip:a@b", receiver="sip:x")


async def test_no_tls_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_file, "ANSWER_S", 0.3)
    async with exchange(good, "tcp") as port:
        with pytest.raises(Silent):
            async with Line("tls", HOST, port):
                pass


def test_certificates_are_checked_when_there_is_a_ca() -> None:
    assert not client_context("").check_hostname
