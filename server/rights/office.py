"""Time and rights in the office application: see ``records.routes.rights_house.RightsHouse``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from core.audit_seal import AuditSeal
from core.events import now
from core.store.audit_check import verify
from core.store.contract import Store
from core.store.rights import KINDS, PersonFound, PurgeReport
from records.rights.asked import Asked, require_reason
from records.routes.rights_house import Term, Work
from server.rights.anchors import read_anchors
from server.rights.person_data import People
from server.rights.purging import Purging
from server.rights.works import Follow, Works


class RightsOffice:
    """One per node."""

    def __init__(
        self,
        store: Store,
        purging: Purging,
        people: People,
        works: Works,
        seal: AuditSeal,
        anchors: Path,
        *,
        person_key: Callable[[str], str],
        names: Callable[[], Mapping[str, str]],
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.rights = store.rights
        self.audit = store.audit
        self.zone = purging.zone
        self.names = names
        self.person_key = person_key
        self._purging = purging
        self._people = people
        self._works = works
        self._seal = seal
        self._anchors = anchors
        self._clock = clock

    def today(self) -> date:
        """See ``RightsHouse``."""
        return self._clock().astimezone(self.zone).date()

    def terms(self) -> Sequence[Term]:
        """See ``RightsHouse``."""
        before, days = self._purging.before(), self._purging.days()
        return [Term(kind=kind, days=days[kind], before=before[kind]) for kind in KINDS]

    @property
    def hour(self) -> int | None:
        """See ``RightsHouse``."""
        return self._purging.terms.hour if self._purging.terms.purge else None

    async def find(self, asked: Asked) -> PersonFound:
        """See ``RightsHouse``."""
        return await self._people.find(asked)

    def export(self, asked: Asked) -> Work:
        """See ``RightsHouse``."""
        require_reason(asked)

        async def do(follow: Follow, file: Path) -> int:
            return await self._people.export(asked, file, follow)

        return self._works.begin("export", asked.by, do)

    def delete(self, asked: Asked) -> Work:
        """See ``RightsHouse``."""
        require_reason(asked)

        async def do(follow: Follow, _file: Path) -> Any:
            return await self._people.delete(asked, follow)

        return self._works.begin("delete", asked.by, do)

    def purge(self, by: str, *, dry: bool) -> Work:
        """See ``RightsHouse``."""

        async def do(follow: Follow, _file: Path) -> PurgeReport:
            def told(report: PurgeReport) -> None:
                follow(sum(each.gone + each.held + each.left for each in report.kinds), 0)

            return await self._purging.purge(by=by, dry=dry, told=told)

        return self._works.begin("purge", by, do)

    def verify(self, by: str) -> Work:
        """See ``RightsHouse``."""

        async def do(follow: Follow, _file: Path) -> Any:
            newest = await self.audit.newest()
            of = newest.number if newest is not None else 0
            anchors = read_anchors(self._anchors) if self._anchors.exists() else []
            return await verify(self.audit, anchors, self._seal.made, lambda lines: follow(lines, of))

        return self._works.begin("verify", by, do)

    def work(self, work_id: str, by: str) -> Work:
        """See ``RightsHouse``."""
        return self._works.work(work_id, by)

    def file(self, work_id: str, by: str) -> Path:
        """See ``RightsHouse``."""
        return self._works.file(work_id, by)
