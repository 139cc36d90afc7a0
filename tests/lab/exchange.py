"""The lab's city exchange: Kamailio as registrar, hunt group and trunk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import jinja2

from server.exchange.kamailio import Kamailio
from tests.sip.sipp import HOST, free_port

PASSWORD = "hanbit-lab"
HOTLINE = "120"
_TEMPLATE = Path(__file__).parent / "exchange.cfg.jinja"


class CityExchange:
    """A running exchange: ``exchange.uri("2101")`` is an extension of it."""

    def __init__(self, host: str, port: int, tls_port: int) -> None:
        self.host = host
        self.port = port
        self.tls_port = tls_port

    @property
    def address(self) -> str:
        """host:port."""
        return f"{self.host}:{self.port}"

    def uri(self, extension: str) -> str:
        """The SIP address of an extension."""
        return f"sip:{extension}@{self.address}"

    def tls_uri(self, extension: str) -> str:
        """... by TLS."""
        return f"sip:{extension}@{self.host}:{self.tls_port};transport=tls"


@asynccontextmanager
async def city_exchange(
    folder: Path,
    *,
    trunks: Mapping[str, str] | None = None,
    hunt_group: Sequence[str] = (),
    tls: tuple[Path, Path, Path] | None = None,
    host: str = HOST,
) -> AsyncIterator[CityExchange]:
    """An exchange in ``folder``. ``trunks``: number -> host:port, ';transport=tls' may follow; ``hunt_group``: the
    extensions behind the hotline; ``tls``: certificate, key and authority; ``host``: an address of the loopback
    network, where it shall be told apart from all else on this machine."""
    exchange = CityExchange(host, free_port(), free_port() if tls else 0)
    config = _written(folder, exchange, trunks or {}, hunt_group, tls)
    async with Kamailio(config, (host, exchange.port)):
        yield exchange


def _written(
    folder: Path,
    exchange: CityExchange,
    trunks: Mapping[str, str],
    hunt_group: Sequence[str],
    tls: tuple[Path, Path, Path] | None,
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    text = environment.from_string(_TEMPLATE.read_text("utf-8")).render(
        host=exchange.host,
        port=exchange.port,
        tls_port=exchange.tls_port,
        folder=folder,
        password=PASSWORD,
        trunks=trunks,
        hunt_group=tuple(hunt_group),
        hotline=HOTLINE,
    )
    config = folder / "exchange.cfg"
    config.write_text(text + "\n", "utf-8")
    if tls is not None:
        certificate, key, authority = tls
        shared = f"certificate = {certificate}\nprivate_key = {key}\nca_list = {authority}\nmethod = TLSv1.2+\n"
        (folder / "tls.cfg").write_text(
            f"[server:default]\n{shared}verify_certificate = no\n[client:default]\n{shared}verify_certificate = yes\n"
        )
    return config
