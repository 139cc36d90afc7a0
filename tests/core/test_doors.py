"""Settings of the doors that cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.config import Config, ForksConfig, PeerConfig, RegisterConfig, SipConfig, load, redacted
from core.errors import ConfigError

TLS = "[sip.tls]\ncertificate_file='c'\nkey_file='k'\n"
PEER = "[[peers]]\nname='cucm'\nnetworks=['10.20.0.10/32']\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PEER + PEER, "the name 'cucm' is there 2 times"),
        (PEER.replace("cucm", "trunks"), "the name 'trunks' is ours"),
        (PEER.replace("10.20.0.10/32", "pbx"), "networks of peer 'cucm': 'pbx' is no network"),
        (PEER + "user='u'", "peer 'cucm' needs password_file"),
        (PEER + "password='p'", "peer 'cucm' needs user"),
        (PEER + "tls_only=true", "peer 'cucm' is tls_only, but sip.transports has no 'tls'"),
        ("[sip]\nfronts=['here']", "sip.fronts: 'here' is no network"),
        ("[sip]\ntransports=['tls']", "add [sip.tls] with certificate_file"),
        ("[front]\ntls_port=5061", "front.tls_port needs [sip.tls]"),
        (TLS + "client_certificates=true", "needs sip.tls.ca_file"),
        (
            "[sip]\ntransports=['udp','tcp','tls']\n" + TLS + "port=5061\n",
            "worker 0 would listen on 5061, which is TCP of worker 1",
        ),
        ("[sip]\ntransports=['tls']\nworkers=64\n" + TLS + "port=65500", "leaves no room for 64 workers"),
        ("[sip]\nphone='sip:{number}@10.0.0.5'", "must have {extension} once"),
        ("[sip]\nphone='{extension}'", "sip.phone: '2107' is no SIP address"),
        ("[sip]\nproxy='10.0.0.5'", "sip.proxy: '10.0.0.5' is no SIP address"),
        ("[sip]\ninternal_numbers='[2-8'", "sip.internal_numbers: '[2-8' is no pattern"),
        ("[sip]\nextensions='('", "sip.extensions: '(' is no pattern"),
        (
            "[sip]\ntransports=['udp','tls']\noutbound='sip:{number}@10.20.0.10'\n" + TLS + PEER + "tls_only=true",
            "sip.outbound: peer 'cucm' is tls_only; add ;transport=tls",
        ),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "minwon.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as fault:
        load(file, {})
    assert words in str(fault.value)


def test_a_site_with_everything(tmp_path: Path) -> None:
    (tmp_path / "cucm.password").write_text("secret")
    (tmp_path / "cucm.password").chmod(0o600)
    file = tmp_path / "minwon.toml"
    file.write_text(
        "[sip]\ntransports=['udp','tls']\noutbound='sip:{number}@10.20.0.10;transport=tls'\n"
        "phone='sip:{extension}@10.20.0.20'\nfronts=['10.20.0.15']\n"
        + TLS + PEER + "tls_only=true\nuser='cucm'\npassword_file='cucm.password'\n"
    )  # fmt: skip
    config = load(file, {})
    assert config.peers[0].password == "secret"
    assert config.sip.tls is not None and config.sip.tls.key_file == str(tmp_path / "k")


def test_a_password_that_others_may_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("secret")
    (tmp_path / "p").chmod(0o644)
    file = tmp_path / "minwon.toml"
    file.write_text(PEER + "user='u'\npassword_file='p'", "utf-8")
    with pytest.raises(ConfigError, match="chmod 600"):
        load(file, {})


@pytest.mark.parametrize(
    "text", ["[forks]\ncertificate_file='c'\nkey_file='k'", "[sip.tls]\ncertificate_file='c'\nkey_file='k'"]
)
def test_a_private_key_that_others_may_read_is_refused(tmp_path: Path, text: str) -> None:
    key = tmp_path / "k"
    key.write_text("key")
    key.chmod(0o640)
    file = tmp_path / "minwon.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match="key_file: others may read"):
        load(file, {})
    key.chmod(0o600)
    load(file, {})


def test_no_traceback_shows_a_secret() -> None:
    config = Config(
        peers=(PeerConfig(name="p", networks=("10.0.0.0/8",), user="u", password="geheim1"),),
        forks=ForksConfig(token="geheim2"),
        sip=SipConfig(register=RegisterConfig(registrar="sip:p", user="1", password="geheim3")),
    )
    assert "geheim" not in repr(config) and "10.0.0.0/8" in repr(config) and "password=''" in repr(PeerConfig(
        name="p", networks=()
    ))  # fmt: skip


def test_what_is_in_force_is_shown_without_secrets() -> None:
    shown = redacted(Config(peers=(PeerConfig(name="p", networks=(), user="u", password="geheim"),)))
    assert shown["peers"][0]["password"] == "********" and "geheim" not in str(shown)
