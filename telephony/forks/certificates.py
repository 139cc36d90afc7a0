"""TLS of the forks' door: 1.2 or newer, files read again when they change; streams that run keep what they have."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Final

from core.certificate import server_context
from core.config import ForksConfig
from core.errors import ConfigError
from core.log import get_logger

log = get_logger("telephony.forks")

_THEN: Final = "the certificate before stays in use"


class Certificates:
    """``context`` is for the server, for as long as it runs. ``ConfigError`` for files that can't be used."""

    def __init__(self, config: ForksConfig) -> None:
        self._config = config
        self._seen = self._stamps()
        self._now = _made(config)
        self.context = _made(config)
        self.context.sni_callback = self._choose

    def renew(self) -> None:
        """Now and then: use the files as they are now. Broken ones are told in the log, once each."""
        stamps = self._stamps()
        if stamps == self._seen:
            return
        self._seen = stamps
        try:
            self._now = _made(self._config)
        except ConfigError as fault:
            log.error("forks.certificate", why=str(fault), then=_THEN)
        else:
            log.info("forks.certificate_renewed")

    def _choose(self, connection: ssl.SSLObject, name: str | None, context: ssl.SSLContext) -> None:
        """At each handshake: the newest."""
        connection.context = self._now

    def _stamps(self) -> tuple[tuple[int, int], ...]:
        files = (self._config.certificate_file, self._config.key_file, self._config.ca_file)
        return tuple(_stamp(Path(file)) for file in files if file)


def _made(config: ForksConfig) -> ssl.SSLContext:
    try:
        return server_context(config.certificate_file, config.key_file or config.certificate_file, config.ca_file)
    except ConfigError as fault:
        files = "forks.certificate_file, forks.key_file, forks.ca_file"
        raise ConfigError(f"a certificate of the forks' door can't be used ({fault}): check {files}") from fault


def _stamp(file: Path) -> tuple[int, int]:
    try:
        told = file.stat()
    except OSError:
        return 0, 0
    return told.st_mtime_ns, told.st_ino
