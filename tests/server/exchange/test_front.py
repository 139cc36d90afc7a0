"""The front's configuration as text: who is let in, which workers stand behind it, what cannot be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.config import Config, FrontConfig, PeerConfig, SipConfig, TlsConfig
from core.errors import ConfigError, EnvironmentFault
from server.exchange.front import MAIN, TLS, WORKERS, Front, front_of, verify, write

CERTIFICATE = TlsConfig(certificate_file="/etc/minwon/cert.pem", key_file="/etc/minwon/key.pem", ca_file="/etc/ca.pem")


def made(folder: Path, **settings: Any) -> Front:
    return front_of(Config(**{"sip": SipConfig(port=5070, workers=2), **settings}), folder)


def test_every_worker_is_a_destination(tmp_path: Path) -> None:
    assert made(tmp_path).texts[WORKERS].splitlines() == [
        "1 sip:127.0.0.1:5070 0 0 duid=127.0.0.1:5070",
        "1 sip:127.0.0.1:5071 0 0 duid=127.0.0.1:5071",
    ]


def test_peers_come_before_trunks_and_everybody_else_is_a_stranger(tmp_path: Path) -> None:
    peers = (PeerConfig(name="cucm", networks=("10.0.0.0/24", "10.1.0.1"), tls_only=True, invites_per_s=7),)
    text = made(tmp_path, peers=peers).texts[MAIN]
    first = text.index('if ($proto == "tls" && (src_ip == 10.0.0.0/24 || src_ip == 10.1.0.1)) {')
    second = text.index("else if (src_ip == 127.0.0.0/8) {")
    assert first < second < text.index('update_stat("minwon_strangers"')
    assert "# cucm" in text and "$var(limit) = 7;" in text


@pytest.mark.parametrize(
    ("settings", "advice"),
    [
        ({"sip": SipConfig(port=0)}, "set sip.port"),
        ({"sip": SipConfig(port=5058, workers=4)}, "front.port 5060 is also a worker's port"),
        ({"sip": SipConfig(port=5070, trunks=())}, "nobody may call"),
        ({"front": FrontConfig(tls_port=5061)}, r"\[sip.tls\]"),
    ],
)
def test_what_cannot_be_is_told(tmp_path: Path, settings: dict[str, Any], advice: str) -> None:
    with pytest.raises(ConfigError, match=advice):
        made(tmp_path, **settings)


def test_tls_is_of_version_1_2_or_newer(tmp_path: Path) -> None:
    front = made(tmp_path, sip=SipConfig(port=5070, tls=CERTIFICATE), front=FrontConfig(tls_port=5061))
    assert front.texts[TLS].count("method = TLSv1.2+") == 2
    assert "listen=tls:127.0.0.1:5061" in front.texts[MAIN]


@pytest.mark.sip
def test_kamailio_takes_what_was_written(tmp_path: Path) -> None:
    peers = (PeerConfig(name="recorder", networks=("10.0.0.7",), recorder=True),)
    for path in write(made(tmp_path, peers=peers)):
        assert path.stat().st_size > 0
    assert verify(tmp_path)[0].isdigit()


@pytest.mark.sip
def test_a_spoilt_file_is_told_with_its_line(tmp_path: Path) -> None:
    write(made(tmp_path))
    (tmp_path / MAIN).write_text("request_route { nonsense", "utf-8")
    with pytest.raises(EnvironmentFault, match="does not take"):
        verify(tmp_path)
