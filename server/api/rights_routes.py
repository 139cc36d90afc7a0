"""The addresses of time and rights, and of the audit log. Roles come from the tables that enforce them."""

from __future__ import annotations

from typing import Any, Final, Literal, cast, get_args

from core.audit import Deed, Thing
from core.store.audit import Review
from core.store.rights import LegalHold, PersonFound
from records.routes import audit, rights
from records.routes.rights_house import RightsHouse, Work
from server.api.records_routes import office
from server.api.routes import Answer, Given, Route

_NOBODY: Final = cast(RightsHouse, None)  # the tables alone are looked at, nobody asks
_ROLES: Final = {
    f"{route.method} {route.path}": route.roles
    for route in (*rights.rights_routes(_NOBODY), *audit.audit_routes(_NOBODY))
}
_TEXT: Final = {"type": "string", "maxLength": 200}
_DAY: Final = {"type": "string", "format": "date"}
_WORK: Final = Answer("It has begun: ask `rights/works/{work_id}` how far it is.", Work)
_BUSY: Final = "Four such works run already (`busy`)."
_CSV: Final = "text/csv"


def _route(
    method: Literal["GET", "POST"], path: str, name: str, summary: str, answer: Answer | None, **more: Any
) -> Route:
    return office(method, path, name, summary, answer, _ROLES[f"{method} {path}"], **more)


_FILTERS: Final = (
    Given("who", "Sign-in name; 'token:NAME'; 'minwon'.", _TEXT),
    Given("deed", "What was done.", {"type": "string", "enum": list(get_args(Deed))}),
    Given("thing", "To what kind of thing.", {"type": "string", "enum": list(get_args(Thing))}),
    Given("subject", "Its id.", _TEXT),
    Given("person", "A person key.", _TEXT),
    Given("number", "A telephone number, instead of its key.", _TEXT),
    Given("text", "Part of the reason, the detail or the id.", _TEXT),
    Given("first", "First local day.", _DAY),
    Given("last", "Last local day.", _DAY),
    Given("before", "Page on: only lines with a smaller number.", {"type": "integer", "minimum": 0}),
)

RIGHTS: Final = (
    _route(
        "GET",
        "rights/holds",
        "Holds",
        "All legal holds, or those of one contact, newest first.",
        Answer("All.", rights.Holds),
        query=(
            Given("contact", "Only those that are on this contact, by itself or by its person.", {"type": "string"}),
            Given("person", "Key of the contact's person.", {"type": "string"}),
        ),
    ),
    _route(
        "POST",
        "rights/holds",
        "HoldPut",
        "From the answer on nothing of it is purged or deleted.",
        Answer("The hold.", LegalHold),
        sends=rights.HoldForm,
    ),
    _route(
        "POST",
        "rights/holds/{hold_id}/end",
        "HoldEnd",
        "It holds no more.",
        Answer("The hold.", LegalHold),
        sends=rights.EndForm,
        missing="There is none, or it is ended already.",
    ),
    _route(
        "GET",
        "rights/retention",
        "Retention",
        "Terms by kind of data, and reports of purges.",
        Answer("Terms and reports.", rights.Retention),
    ),
    _route("POST", "rights/purge", "Purge", "Purge now, or only count.", _WORK, sends=rights.PurgeForm, refused=_BUSY),
    _route(
        "GET",
        "rights/reports/{report_id}",
        "PurgeReport",
        "The proof of destruction as a table.",
        Answer("A line for each kind.", content=_CSV),
        missing="There is no such report.",
    ),
    _route(
        "POST",
        "rights/person/find",
        "PersonFind",
        "What there is of whoever has that number; noted.",
        Answer("Counts and ids.", PersonFound),
        sends=rights.PersonForm,
    ),
    _route(
        "POST",
        "rights/person/export",
        "PersonExport",
        "Put it into a ZIP; noted with reason and identity check.",
        _WORK,
        sends=rights.PersonForm,
        refused=_BUSY,
    ),
    _route(
        "POST",
        "rights/person/delete",
        "PersonDelete",
        "Delete it but what is held; noted with reason and identity check. `again` is the number once more.",
        _WORK,
        sends=rights.PersonForm,
        refused=_BUSY,
    ),
    _route(
        "GET",
        "rights/works/{work_id}",
        "Work",
        "How far one's own work is, and what came of it.",
        Answer("How far.", Work),
        missing="There is none, or it is somebody else's.",
    ),
    _route(
        "GET",
        "rights/works/{work_id}/file",
        "WorkFile",
        "What one's own export wrote; kept for an hour.",
        Answer("The ZIP.", content="application/zip"),
        missing="There is none (any more).",
    ),
    _route(
        "GET",
        "audit",
        "Audit",
        "Lines of the audit log, newest first; noted.",
        Answer("A hundred lines.", audit.AuditPage),
        query=_FILTERS,
    ),
    _route(
        "POST",
        "audit/export",
        "AuditExport",
        "All lines that the filters leave, as a table; noted with the reason.",
        Answer("Newest first.", content=_CSV),
        query=_FILTERS,
        sends=audit.ExportForm,
    ),
    _route(
        "GET",
        "audit/month",
        "AuditMonth",
        "Who did what to how many citizens' data in a month; noted.",
        Answer("The month, and which are not signed off.", audit.Month),
        query=(Given("month", "'2026-11'; left out: the last that is over.", _TEXT),),
    ),
    _route(
        "POST",
        "audit/review",
        "AuditReview",
        "Sign a month off.",
        Answer("What is kept.", Review),
        sends=audit.ReviewForm,
    ),
    _route("POST", "audit/verify", "AuditVerify", "Walk the chain past all anchors.", _WORK, refused=_BUSY),
)
