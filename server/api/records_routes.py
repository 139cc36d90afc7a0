"""The addresses of counselling records: the desk's (``agent_assist.desk_record_answers``) and the office's
(``records.routes``). Roles come from the tables that enforce them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, cast, get_args

from agent_assist import desk_messages, desk_record
from core.events import Channel
from core.record_forms import KeepRecord, UndoRecord
from core.store.contacts import ContactRecord, Correction, FollowUp, FollowUpState, RecordState
from core.web.door import DoorFault
from records.routes import contacts, follow_ups, learning
from records.routes.house import ContactsHouse
from records.routes.room import ALL, Me
from server.api.routes import Answer, Given, Route

_NOBODY: Final = cast(ContactsHouse, None)  # the tables alone are looked at, nobody asks
_ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "GET me": ALL,
    **{
        f"{route.method} {route.path}": route.roles
        for table in (
            contacts.contact_routes(_NOBODY),
            follow_ups.follow_up_routes(_NOBODY),
            learning.learning_routes(_NOBODY),
        )
        for route in table
    },
}
_FAULT: Final = desk_messages.Fault
_LIMIT: Final = {"type": "integer", "minimum": 1, "maximum": 200}
_DAY: Final = {"type": "string", "format": "date"}
_NOT_YOURS: Final = "The contact is neither hers nor of the person whom she has in front of her."
_MEANWHILE: Final = "Somebody else has kept it since ('newest' says which version): look at it again."


def office(
    method: Literal["GET", "POST"],
    path: str,
    name: str,
    summary: str,
    answer: Answer | None,
    roles: tuple[str, ...],
    *,
    query: tuple[Given, ...] = (),
    sends: Any = None,
    missing: str = "",
    refused: str = "",
    forbidden: str = "",
) -> Route:
    """One address of the office application, with the answers that all of them have."""
    needs = " or ".join([*roles, *([] if "admin" in roles else ["admin"])])
    answers = {
        **({200: answer} if answer else {204: Answer("Done.")}),
        401: Answer("Not signed in, or no longer.", DoorFault),
        403: Answer(f"She is none of: {needs}; or not from our own page (Origin). {forbidden}".strip(), DoorFault),
        503: Answer("The database is away.", DoorFault),
    }
    if query or sends is not None:
        answers[400] = Answer("What was sent cannot be taken; in words.", DoorFault)
    if missing:
        answers[404] = Answer(missing, DoorFault)
    if refused:
        answers[409] = Answer(refused, DoorFault)
    return Route(
        method=method,
        path=f"/records/api/{path}",
        id=f"records{name}",
        summary=f"{summary} ({needs})",
        tag="records",
        needs="agent",
        query=query,
        sends=sends,
        answers=dict(sorted(answers.items())),
    )


def _office(method: Literal["GET", "POST"], path: str, name: str, summary: str, answer: Answer, **more: Any) -> Route:
    return office(method, path, name, summary, answer, _ROLES[f"{method} {path}"], **more)


def _desk(
    method: Literal["GET", "POST"], path: str, name: str, summary: str, answer: Answer, *, sends: Any = None
) -> Route:
    answers = {
        200: answer,
        401: Answer("Not signed in, or no longer.", _FAULT),
        409: Answer("It is not hers, or somebody else was quicker (`edited_meanwhile`): look at it again.", _FAULT),
        503: Answer("The database is away.", _FAULT),
    }
    if method == "POST":
        answers[400] = Answer("What was sent cannot be taken; in words.", _FAULT)
        answers[403] = Answer("Not from our own page (Origin).", content="text/plain")
    return Route(
        method=method,
        path=f"/desk/api/{path}",
        id=name,
        summary=summary,
        tag="desk",
        needs="agent",
        sends=sends,
        answers=dict(sorted(answers.items())),
    )


RECORDS: Final = (
    _desk(
        "GET",
        "records",
        "recordsWaiting",
        "How many of her records wait to be confirmed.",
        Answer("Her list.", desk_record.RecordsWaiting),
    ),
    _desk(
        "GET",
        "records/{contact_id}",
        "recordForm",
        "A record with all that its form offers.",
        Answer("Drafted now, if it was not there yet.", desk_record.RecordForm),
    ),
    _desk(
        "POST",
        "records/{contact_id}",
        "keepRecord",
        "Confirm a record, or change it; ends her wrap-up.",
        Answer("As it is kept.", ContactRecord),
        sends=KeepRecord,
    ),
    _desk(
        "POST",
        "records/{contact_id}/later",
        "recordLater",
        "Confirm the record of a closed written contact another time.",
        Answer("It waits on her list.", desk_record.RecordsWaiting),
    ),
    _desk(
        "POST",
        "records/{contact_id}/undo",
        "undoRecord",
        "Take a confirmation back.",
        Answer("It waits on her list.", ContactRecord),
        sends=UndoRecord,
    ),
    _desk(
        "GET",
        "calls/{contact_id}/person",
        "personSeen",
        "Who calls: contacts of before, what is still to do.",
        Answer("Of a withheld number nothing is known.", desk_record.PersonSeen),
    ),
    Route(
        method="GET",
        path="/records",
        id="recordsPage",
        summary="The office application.",
        tag="records",
        answers={200: Answer("The page.", content="text/html"), 302: Answer("Not signed in: to the sign-in.")},
    ),
    Route(
        method="GET",
        path="/records/static/{path}",
        id="recordsFile",
        summary="Modules, styles and messages of the office application; nothing of ours is in them.",
        tag="records",
        answers={
            200: Answer("The file.", content="*/*"),
            304: Answer("It is as the browser has it (ETag)."),
            404: Answer("No such file.", content="text/plain"),
        },
    ),
    _office("GET", "me", "Me", "Who works here.", Answer("She.", Me)),
    _office(
        "GET",
        "terms",
        "Terms",
        "What records may say: results, categories, departments, names.",
        Answer("For filters and forms.", contacts.Terms),
    ),
    _office(
        "GET",
        "contacts",
        "Contacts",
        "Contacts, newest first: an agent's own, a supervisor's all.",
        Answer("A part of the list.", contacts.ContactsPage),
        query=(
            Given(
                "text",
                "Words of two letters or more, spacing does not matter; four digits: the end of the "
                "number; a whole number: that person.",
            ),
            Given("since", "From that day on.", _DAY),
            Given("until", "Until that day, which is in.", _DAY),
            Given("channel", "How it came.", {"type": "string", "enum": list(get_args(Channel))}),
            Given("agent", "Sign-in name."),
            Given("department", "Name."),
            Given("category", "Path, with what is below it."),
            Given("district", "Name."),
            Given("result", "Code."),
            Given("person", "Person key."),
            Given("state", "Of the record.", {"type": "string", "enum": list(get_args(RecordState))}),
            Given("follow_up", "Something is still to be done.", {"type": "string", "enum": ["open"]}),
            Given("before", "Page on: the last one's `place`.", {"type": "integer", "minimum": 0}),
            Given("limit", "At most so many.", {**_LIMIT, "default": contacts.PAGE}),
        ),
    ),
    _office(
        "GET",
        "contacts/{contact_id}",
        "Contact",
        "All that is known of one contact; noted in the audit log.",
        Answer("The record, its line, corrections, follow-ups, versions.", contacts.ContactFile),
        missing="There is no such contact.",
        forbidden=_NOT_YOURS,
    ),
    _office(
        "POST",
        "contacts/{contact_id}",
        "KeepContact",
        "Confirm a record, or change it with a reason.",
        Answer("As it is kept.", ContactRecord),
        sends=KeepRecord,
        missing="There is no such contact.",
        refused=_MEANWHILE,
        forbidden=_NOT_YOURS,
    ),
    _office(
        "POST",
        "contacts/{contact_id}/undo",
        "UndoContact",
        "Take a confirmation back.",
        Answer("As it stands.", ContactRecord),
        sends=UndoRecord,
        missing="There is no such contact.",
        refused=_MEANWHILE,
        forbidden=_NOT_YOURS,
    ),
    _office(
        "POST",
        "contacts/{contact_id}/corrections",
        "Correct",
        "What was really said; '' = as it was heard.",
        Answer("All corrections of the contact.", list[Correction]),
        sends=contacts.CorrectionSent,
        missing="There is no such contact or utterance.",
        forbidden=_NOT_YOURS,
    ),
    _office(
        "POST",
        "contacts/{contact_id}/corrections/reviewed",
        "Reviewed",
        "A supervisor has looked at it.",
        Answer("All corrections of the contact.", list[Correction]),
        sends=contacts.ReviewSent,
        missing="There is no such correction.",
    ),
    _office(
        "GET",
        "follow-ups",
        "FollowUps",
        "What is still to be done, the most urgent first.",
        Answer("A part of the list.", follow_ups.FollowUpsPage),
        query=(
            Given("state", "Which.", {"type": "string", "enum": list(get_args(FollowUpState)), "default": "open"}),
            Given("owner", "For supervisors: of one owner; agents see their own."),
            Given("after", "Page on: the last one's day and id, '2026-11-30,follow-1'."),
            Given("limit", "At most so many.", {**_LIMIT, "default": follow_ups.PAGE}),
        ),
    ),
    _office(
        "POST",
        "follow-ups/{id}/done",
        "FollowUpDone",
        "It is done, with a note, or not to be done.",
        Answer("As it is kept.", FollowUp),
        sends=follow_ups.FollowUpClosed,
        missing="There is no such follow-up.",
        refused="It is closed already.",
    ),
    _office(
        "POST",
        "follow-ups/{id}/open",
        "FollowUpOpen",
        "It is still to be done after all.",
        Answer("As it is kept.", FollowUp),
        missing="There is no such follow-up.",
        refused="It is open.",
    ),
    _office(
        "GET",
        "learning",
        "Learning",
        "What confirmed records have taught, as counts.",
        Answer("By field.", learning.TaughtAll),
    ),
    _office(
        "POST",
        "learning/forget",
        "LearningForget",
        "Forget a label, a field, or everything.",
        Answer("How many counts there were.", learning.Forgotten),
        sends=learning.ToForget,
    ),
)
