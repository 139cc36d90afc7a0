"""The index that finds records by their terms (``core.store.contact_terms``), in each database's own way.

SQLite: an FTS5 table without content whose row numbers are the records' places. Its lists are in that order, so the
newest records that have all terms come out first, and the rest is never read. ``detail=none``: neither positions nor
text are kept.
PostgreSQL: an array column under a GIN index, both of every PostgreSQL. Such an index tells all rows that have all
terms, in no order; so it is asked for the newest days first, then for weeks, months, everything (``WINDOWS``).
New rows wait in the index's pending list, which every search reads: it is kept short.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

TABLE: Final = "contact_terms"
DAY_MS: Final = 86_400_000
WINDOWS: Final = (2 * DAY_MS, 16 * DAY_MS, 128 * DAY_MS)
"""PostgreSQL: how far back is looked first, second, third; then everywhere."""
_TIDY: Final = {
    True: (f"SELECT gin_clean_pending_list('ix_{TABLE}_terms')", f"ANALYZE {TABLE}", "ANALYZE contacts"),
    False: (f"INSERT INTO {TABLE} ({TABLE}) VALUES ('optimize')", "ANALYZE contacts"),
}
_fts: Final = sa.table(TABLE, sa.column("rowid"), sa.column("terms"), sa.column(TABLE))
_gin: Final = sa.table(TABLE, sa.column("place", sa.BigInteger), sa.column("terms", postgresql.ARRAY(sa.Integer)))


class ContactIndex:
    """Statements for one database."""

    def __init__(self, dialect: Any) -> None:
        self._postgresql = dialect is postgresql
        self.table: Any = _gin if self._postgresql else _fts
        self.place: Any = _gin.c.place if self._postgresql else _fts.c.rowid
        self.tidy: tuple[str, ...] = _TIDY[self._postgresql]
        """Statements for after many records were loaded."""
        self.windows: tuple[int, ...] = WINDOWS if self._postgresql else ()

    def row(self, place: int, terms: Sequence[int]) -> dict[str, Any]:
        """Parameters of :meth:`add` and :meth:`drop`."""
        return {"place": place, "terms": list(terms) if self._postgresql else _shown(terms)}

    def add(self) -> Any:
        """A statement that adds a record."""
        if self._postgresql:
            return sa.insert(_gin).values(place=sa.bindparam("place"), terms=sa.bindparam("terms"))
        return sa.text(f"INSERT INTO {TABLE} (rowid, terms) VALUES (:place, :terms)")

    def drop(self) -> Any:
        """A statement that takes one out; SQLite wants to be told under which terms it stands."""
        if self._postgresql:
            return sa.text(f"DELETE FROM {TABLE} WHERE place = :place")
        return sa.text(f"INSERT INTO {TABLE} ({TABLE}, rowid, terms) VALUES ('delete', :place, :terms)")

    def has(self, terms: Sequence[int]) -> Any:
        """A condition: all of these terms."""
        if self._postgresql:
            return _gin.c.terms.contains(sa.cast(list(terms), postgresql.ARRAY(sa.Integer)))
        wish = " AND ".join(f'"{term}"' for term in _shown(terms).split())
        return sa.text(f"{TABLE} MATCH :wish").bindparams(wish=wish)


def _shown(terms: Sequence[int]) -> str:
    return " ".join(f"{term & 0xFFFFFFFF:08x}" for term in terms)
