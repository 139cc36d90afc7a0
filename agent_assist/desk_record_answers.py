"""The desk's answers about counselling records.

=====  ================================  ============================================================================
GET    ``/desk/api/records/ID``          ``RecordForm``: the record with all that its form offers; 409 if not hers
POST   ``/desk/api/records/ID``          ``KeepRecord``: confirm or change; ``ContactRecord``, or 409
                                         (``edited_meanwhile``: somebody else was quicker, look at it again)
POST   ``/desk/api/records/ID/later``    not now: it waits on her list; ``RecordsWaiting``
POST   ``/desk/api/records/ID/undo``     ``UndoRecord``: not confirmed after all; ``ContactRecord``, or 409
GET    ``/desk/api/records``             ``RecordsWaiting``: how many of hers wait to be confirmed
GET    ``/desk/api/calls/ID/person``     ``PersonSeen``: who calls or writes: contacts of before, what is still to do
=====  ================================  ============================================================================

Who saw or changed what is noted by the house; logs never hold what was written.
"""

from __future__ import annotations

from aiohttp import web

from agent_assist.desk_json import body
from agent_assist.desk_record import DeskRecords, PersonSeen, RecordForm, RecordsWaiting
from core.agent import Agent
from core.record_forms import KeepRecord, UndoRecord
from core.store.contacts import ContactRecord


class RecordAnswers:
    """See the module; ``table`` is for ``desk.py``."""

    def __init__(self, house: DeskRecords) -> None:
        self._house = house
        self.table = (
            ("GET", "records", self.waiting),
            ("GET", "records/{contact_id}", self.form),
            ("POST", "records/{contact_id}", self.keep),
            ("POST", "records/{contact_id}/later", self.later),
            ("POST", "records/{contact_id}/undo", self.undo),
            ("GET", "calls/{contact_id}/person", self.person),
        )

    async def waiting(self, _request: web.Request, agent: Agent) -> RecordsWaiting:
        return RecordsWaiting(await self._house.records_waiting(agent))

    async def form(self, request: web.Request, agent: Agent) -> RecordForm:
        return await self._house.record_form(_contact(request), agent)

    async def keep(self, request: web.Request, agent: Agent) -> ContactRecord:
        what = await body(request, KeepRecord, '{"based_on": 0, "category": "...", "result": "answered", ...}')
        return await self._house.keep_record(_contact(request), agent, what)

    async def later(self, request: web.Request, agent: Agent) -> RecordsWaiting:
        return RecordsWaiting(await self._house.record_later(_contact(request), agent))

    async def undo(self, request: web.Request, agent: Agent) -> ContactRecord:
        return await self._house.undo_record(
            _contact(request), agent, await body(request, UndoRecord, '{"based_on": 1}')
        )

    async def person(self, request: web.Request, agent: Agent) -> PersonSeen:
        return await self._house.person_seen(_contact(request), agent)


def _contact(request: web.Request) -> str:
    return request.match_info["contact_id"]
