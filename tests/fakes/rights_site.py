"""The office application with time and rights: the real parts over a real SQLite database and real folders."""

from __future__ import annotations

from typing import Final

from core.config import load
from core.keyring import Keyring, new_key
from core.pictures.shelf import Pictures
from records.routes.audit import audit_routes
from records.routes.rights import rights_routes
from records.routes.route import RecordsRoute
from server.recording.shelf import RecordingShelf
from server.rights.office import RightsOffice
from server.rights.parts import rights_parts
from server.rights.works import Works
from tests.fakes.records import KEYS
from tests.fakes.records_site import AGENTS, RecordsSite

_ENVIRON: Final = {"XDG_DATA_HOME": "/nowhere", "MINWON_RETENTION_WORDS_DAYS": "30", "MINWON_RETENTION_PURGE": "false"}


class RightsSite(RecordsSite):
    """``async with RightsSite(tmp_path) as site``; ``site.parts`` are what the pages ask."""

    async def __aexit__(self, *exc: object) -> None:
        await self._works.close()
        await super().__aexit__(*exc)

    def tables(self) -> tuple[tuple[RecordsRoute, ...], ...]:
        config = load(None, _ENVIRON)
        self.shelf = RecordingShelf(self.home.root / "recordings", self.store.recordings, Keyring([new_key()]))
        self.pictures = Pictures(self.home.root / "uploads", most_mb=10, days=config.ars.uploads_days)
        self.parts = rights_parts(config, self.home, self.store, self.shelf, self.pictures, KEYS)
        self._works = Works(self.home.run / "works")
        self._works.open()
        self.office = RightsOffice(
            self.store,
            self.parts.purging,
            self.parts.people,
            self._works,
            self.parts.seal,
            self.parts.anchor_file,
            person_key=KEYS.key,
            names=lambda: {agent.id: agent.name for agent in AGENTS.values()},
        )
        return (rights_routes(self.office), audit_routes(self.office))
