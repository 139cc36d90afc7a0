"""Rules that no single type can tell: settings that must fit each other or the world. Pure; nothing is opened."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.config import doors, sign_in_rules, smpp_rules
from core.config.retention import RetentionConfig
from core.config.sections import Config, ForksConfig, SipConfig, SmsConfig
from core.errors import ConfigError

_SIP_ADDRESS: Final = re.compile(
    r"sips?:([^@\s:;]+(:[^@\s]*)?@)?([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?(;[^\s]*)?"
)
_SITE: Final = re.compile(r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")
_DIGITS: Final = re.compile(r"[0-9]{3,15}")
RTP_PORTS_AT_LEAST: Final = 100
"""What each worker must find when ``sip.rtp_ports`` is 0: enough for the smallest build of pjsua2."""
_RTP_PORTS_OF_A_CALL: Final = 8  # with a third party and a supervisor; two ports a leg
_LAST_PORT: Final = 65535
_MIN_SE: Final = 90  # RFC 4028 section 5: smaller session intervals are refused by every peer


def check(config: Config) -> None:
    """Raise ``ConfigError`` for the first setting that cannot be, with what would be right."""
    for problem in _problems(config):
        raise ConfigError(problem)


def _problems(config: Config) -> Iterator[str]:
    yield from _ports(config)
    yield from _networks("web.metrics_allow", config.web.metrics_allow)
    yield from _networks("web.proxies", config.web.proxies)
    yield from _public_url(config.web.public_url)
    yield from _networks("sip.trunks", config.sip.trunks)
    yield from _networks("sip.fronts", config.sip.fronts)
    for peer in config.peers:
        yield from _networks(f"networks of peer '{peer.name}'", peer.networks)
    yield from doors.problems(config)
    yield from sign_in_rules.problems(config)
    yield from _addresses(config)
    yield from _register(config)
    yield from _outbound(config.sip)
    yield from _forks(config.forks)
    yield from _agents(config)
    yield from _languages(config)
    yield from _sms(config.sms)
    yield from smpp_rules.problems(config)
    yield from _database(config)
    yield from _timezone(config.statistics.timezone)
    yield from _retention(config.retention)
    expires_s = config.sip.session_expires_s
    if 0 < expires_s < _MIN_SE:
        yield f"sip.session_expires_s is {expires_s}: RFC 4028 wants at least {_MIN_SE}, or 0 for none"


def _retention(terms: RetentionConfig) -> Iterator[str]:
    for name in ("words_days", "texts_days", "records_days"):
        if getattr(terms, name) > terms.facts_days:
            yield f"retention.{name} is longer than facts_days, after which the whole contact is gone: raise facts_days"


def _timezone(name: str) -> Iterator[str]:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        yield f"statistics.timezone is '{name}', which this machine does not know: write an IANA name like Asia/Seoul"


def _ports(config: Config) -> Iterator[str]:
    sip = config.sip
    if 0 < sip.rtp_ports < _RTP_PORTS_OF_A_CALL or sip.rtp_ports % 2:
        yield f"sip.rtp_ports {sip.rtp_ports}: take an even number from {_RTP_PORTS_OF_A_CALL} on, or 0 for enough"
    for key, first, each in (("port", sip.port, 1), ("rtp_port", sip.rtp_port, sip.rtp_ports or RTP_PORTS_AT_LEAST)):
        highest = _LAST_PORT + 1 - sip.workers * each
        if first > highest:
            yield f"sip.{key} {first} leaves no room for {sip.workers} workers: take at most {highest}"
    if sip.rtp_port % 2:
        yield f"sip.rtp_port {sip.rtp_port} is odd: RTP takes even ports (RFC 3550 section 11)"


def _networks(key: str, networks: tuple[str, ...]) -> Iterator[str]:
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError as fault:
            yield f"{key}: '{network}' is no network ({fault}); write it as 10.1.0.0/16 or 10.1.2.3/32"


def _forks(forks: ForksConfig) -> Iterator[str]:
    yield from _networks("forks.networks", forks.networks)
    if bool(forks.certificate_file) is not bool(forks.key_file):
        yield "forks.certificate_file and forks.key_file belong together: give both, or none for no TLS"
    if forks.ca_file and not forks.certificate_file:
        yield "forks.ca_file asks for certificates, which needs TLS: give forks.certificate_file and forks.key_file"
    proven = forks.token or forks.token_file or forks.ca_file
    if forks.port >= 0 and not proven and not all(ipaddress.ip_network(each).is_loopback for each in forks.networks):
        yield "forks.port is open to other machines without a proof: set forks.token_file, or forks.ca_file"


def _addresses(config: Config) -> Iterator[str]:
    addresses = {"sip.caller_id": config.sip.caller_id}
    if config.sip.proxy:
        addresses["sip.proxy"] = config.sip.proxy
    if config.sip.phone:
        addresses["sip.phone"] = config.sip.phone.replace("{extension}", "2107")
    if config.sip.register is not None:
        addresses["sip.register.registrar"] = config.sip.register.registrar
    for agent in config.agents:
        if agent.uri:
            addresses[f"uri of agent '{agent.id}'"] = agent.uri
    for key, address in addresses.items():
        if not _SIP_ADDRESS.fullmatch(address):
            yield f"{key}: '{address}' is no SIP address; write it as sip:2107@10.0.0.5"
    if config.sip.public_address:
        try:
            ipaddress.ip_address(config.sip.public_address)
        except ValueError:
            yield f"sip.public_address: '{config.sip.public_address}' is no IP address; write it as 203.0.113.7"


def _public_url(url: str) -> Iterator[str]:
    if url and not _is_site(url, {"http", "https"}):
        yield f"web.public_url: '{url}' is no address of a site; write it as https://120.city.example, without a path"


def _is_site(url: str, schemes: set[str]) -> bool:
    """Scheme, host, perhaps a port, and nothing behind them."""
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0 and _SITE.fullmatch(url) is not None
    except ValueError:  # a port that is none
        return False


def _outbound(sip: SipConfig) -> Iterator[str]:
    if sip.outbound and (
        sip.outbound.count("{number}") != 1 or not _SIP_ADDRESS.fullmatch(sip.outbound.replace("{number}", "120"))
    ):
        yield f"sip.outbound: '{sip.outbound}' is no SIP address with {{number}}; write it as sip:{{number}}@10.0.0.5"
    try:
        re.compile(sip.outbound_numbers)
    except re.error as fault:
        yield f"sip.outbound_numbers: '{sip.outbound_numbers}' is no pattern ({fault}); 0[0-9]{{8,10}} is one"


def _sms(sms: SmsConfig) -> Iterator[str]:
    if sms.sender and not _DIGITS.fullmatch(sms.sender):
        yield f"sms.sender: '{sms.sender}' must be digits only; write it as 0331200120"
    if not _is_site(sms.url, {"https"}) and not _is_site_here(sms.url):
        yield "sms.url must be https://host without a path; only to this machine itself it may be http"
    if sms.gateway != "sens":
        return
    given = {
        "sender": sms.sender,
        "service": sms.service,
        "access_key": sms.access_key,
        "secret_key_file": sms.secret_key_file or sms.secret_key,
    }
    missing = [f"sms.{key}" for key, value in given.items() if not value]
    if missing:
        yield f"sms.gateway '{sms.gateway}' needs {', '.join(missing)}; the gateway's console shows them"


def _is_site_here(url: str) -> bool:
    return _is_site(url, {"http"}) and urlsplit(url).hostname in {"127.0.0.1", "::1", "localhost"}


def _register(config: Config) -> Iterator[str]:
    register = config.sip.register
    if register is not None and register.users and len(register.users) != config.sip.workers:
        yield (
            f"sip.register.users names {len(register.users)} users for {config.sip.workers} workers: "
            "give one for each, or none"
        )


def _agents(config: Config) -> Iterator[str]:
    ids: set[str] = set()
    phones: dict[str, str] = {}
    for agent in config.agents:
        if agent.id in ids:
            yield f"agents: the id '{agent.id}' is there twice; each agent needs her own"
        ids.add(agent.id)
        if agent.uri in phones:
            yield f"agents: '{phones[agent.uri]}' and '{agent.id}' have the same phone {agent.uri}"
        if agent.uri:
            phones[agent.uri] = agent.id
        elif agent.starts == "ready":
            yield f"agents: '{agent.id}' starts ready but has no uri to call; add uri, or starts = \"away\""


def _languages(config: Config) -> Iterator[str]:
    languages: set[str] = set()
    lines: dict[str, str] = {}
    for each in config.languages:
        if each.language in languages:
            yield f"languages: '{each.language}' is there twice; give each language one [[languages]]"
        languages.add(each.language)
        for line in each.lines:
            if line in lines:
                yield f"languages: the line '{line}' is of '{lines[line]}' and of '{each.language}'; a call has one"
            if config.sip.hotline and line not in config.sip.hotline:
                yield f"languages: the line '{line}' of '{each.language}' is not in sip.hotline, so its calls get 404"
            lines[line] = each.language


def _database(config: Config) -> Iterator[str]:
    if config.store.url and urlsplit(config.store.url).scheme not in {"sqlite", "postgresql"}:
        yield "store.url is of no known kind: leave it empty for SQLite, or write postgresql://user@host/name"
