"""What a database complains about, in words that tell what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import exc

from core.errors import BadInput, StoreFault

# Part of the database's own message, in lower case -> what to do. The first that is found counts.
_ADVICE: Final = (
    # SQLite
    ("database is locked", "is locked by another program: close it (a backup, a database browser) or wait"),
    ("disk is full", "cannot grow, the disk is full: free some space"),
    ("readonly database", "may not be written: give this user the right to write the file and its folder"),
    ("unable to open database file", "cannot be opened: check that its folder exists and may be written"),
    ("not a database", "is no SQLite database: move the file away, or name another in store.url"),
    ("malformed", "is damaged: restore the last backup; `sqlite3 FILE .recover` saves what is left"),
    ("disk i/o error", "cannot be read or written, the disk reports an error: check the disk and its free space"),
    # PostgreSQL
    ("password authentication failed", "refuses user or password: check store.url and store.password_file"),
    ("no password supplied", "wants a password: put it into a file and name it in store.password_file"),
    ("no pg_hba.conf entry", "does not let us in: allow this machine and user in the server's pg_hba.conf"),
    ("does not exist", "lacks something: create the database and user of store.url, then `minwon db upgrade`"),
    ("permission denied", "gives us no right: make the user of store.url the owner of the database"),
    ("no space left", "cannot grow, the server's disk is full: free some space there"),
    ("could not extend file", "cannot grow, the server's disk is full: free some space there"),
    ("read-only transaction", "is read-only, a standby perhaps: name the primary server in store.url"),
    ("too many clients", "has no free connection: raise max_connections on the server"),
    ("remaining connection slots", "has no free connection: raise max_connections on the server"),
    ("starting up", "is starting up: wait a moment"),
    ("shutting down", "is shutting down: start the server again"),
    ("terminating connection", "closed our connection: is the server running?"),
    ("name or service not known", "cannot be found: check the host name in store.url"),
    ("failed to resolve host", "cannot be found: check the host name in store.url"),
)
_NOT_REACHED: Final = "does not answer: is the server running, and is store.url right?"


@contextmanager
def faults(shown: str) -> Iterator[None]:
    """Turn database errors into ``StoreFault`` (the database cannot be used) or ``BadInput`` (it refuses these data).

    ``shown`` names the database without its password. Parameters never get into the message: they hold words.
    """
    try:
        yield
    except (exc.DataError, exc.IntegrityError) as fault:
        raise BadInput(f"the database {shown} refuses these data: {_first_line(fault)}") from fault
    except (OverflowError, UnicodeError) as fault:
        raise BadInput(f"the database {shown} refuses these data: {fault}") from fault
    except exc.DBAPIError as fault:
        raise StoreFault(f"the database {shown} {_advice(fault)}") from fault
    except (exc.TimeoutError, TimeoutError, ConnectionError) as fault:
        raise StoreFault(f"the database {shown} {_NOT_REACHED}") from fault


def _advice(fault: exc.DBAPIError) -> str:
    message = str(fault.orig).lower()
    for part, advice in _ADVICE:
        if part in message:
            return advice
    if fault.connection_invalidated or isinstance(fault, exc.OperationalError | exc.InterfaceError):
        return f"{_NOT_REACHED} ({_first_line(fault)})"
    return f"failed: {_first_line(fault)}"


def _first_line(fault: exc.DBAPIError) -> str:
    lines = str(fault.orig).strip().splitlines()
    return lines[0] if lines else type(fault.orig).__name__
