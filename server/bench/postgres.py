"""A private PostgreSQL server for a bench or a test run: own folder, own port, gone at the end.

Started from the distribution's package, as its own user when we run as root (PostgreSQL refuses root).
"""

from __future__ import annotations

import itertools
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from core.errors import EnvironmentFault

_START_S: Final = 30
SMALL: Final = ("fsync=off", "full_page_writes=off", "max_connections=30", "shared_buffers=16MB", "jit=off")
"""For tests: quick to start, nothing that must last."""
USUAL: Final = ("shared_buffers=512MB", "effective_cache_size=4GB", "work_mem=16MB", "maintenance_work_mem=256MB")
"""For benches: what docs/operations.md recommends for a city."""


def binaries() -> Path | None:
    """The folder of initdb and postgres: the newest that is installed, None if there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    return Path(on_path).resolve().parent if on_path else None


class PostgresServer:
    """Listens on a free port of 127.0.0.1, with a password."""

    def __init__(self, settings: Sequence[str]) -> None:
        """Raises ``EnvironmentFault`` where PostgreSQL or its driver is not installed."""
        folder = binaries()
        if folder is None:
            raise EnvironmentFault("PostgreSQL is not installed: apt-get install postgresql")
        try:
            import psycopg
        except ImportError as fault:
            raise EnvironmentFault("PostgreSQL needs its driver: pip install 'minwon[postgresql]'") from fault
        self._psycopg = psycopg
        self._settings = tuple(settings)
        self._bin = folder
        self._user = _unprivileged_user()
        self.home = Path(tempfile.mkdtemp(prefix="minwon-pg-"))
        self._data = self.home / "data"
        self.password = secrets.token_hex(8)
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count(1)
        self._initialise()

    def _initialise(self) -> None:
        password_file = self.home / "password"
        password_file.write_text(self.password)
        if self._user is not None:
            account = pwd.getpwnam(self._user)
            for path in (self.home, password_file):
                os.chown(path, account.pw_uid, account.pw_gid)
        command: list[str | Path] = [
            self._bin / "initdb",
            "-D",
            self._data,
            "-U",
            "minwon",
            "-A",
            "scram-sha-256",
            "-E",
            "UTF8",
        ]
        command += ["--pwfile", password_file, "--no-sync", "--locale", "C.UTF-8"]
        subprocess.run(command, check=True, capture_output=True, cwd=self.home, timeout=60, **self._as_user())

    def start(self) -> None:
        """Ready for connections when this returns."""
        command = [str(self._bin / "postgres"), "-D", str(self._data), "-h", "127.0.0.1", "-p", str(self.port)]
        command += ["-k", str(self.home)]
        for setting in self._settings:
            command += ["-c", setting]
        with (self.home / "log").open("ab") as log:
            self._process = subprocess.Popen(command, cwd=self.home, stdout=log, stderr=log, **self._as_user())
        deadline = time.monotonic() + _START_S
        while True:
            try:
                self._psycopg.connect(self.url("postgres"), connect_timeout=2).close()
            except self._psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self.home / "log").read_text()) from None
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Down at once, as in a crash of the machine; data stay."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(10)
            self._process = None

    def remove(self) -> None:
        """Stop, and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def url(self, database: str, *, password: str | None = None) -> str:
        """The address of one of its databases."""
        return f"postgresql://minwon:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def new_database(self, template: str = "template0") -> str:
        """The address of a fresh database, empty or a copy of that one, to which nobody may be connected."""
        name = f"minwon{next(self._numbers)}"
        self._say(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def _say(self, statement: str) -> None:
        with self._psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _as_user(self) -> dict[str, Any]:
        return {} if self._user is None else {"user": self._user, "group": self._user, "extra_groups": []}


def _unprivileged_user() -> str | None:
    return "postgres" if os.geteuid() == 0 else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
