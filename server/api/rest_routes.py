"""The addresses of the REST API. Scopes come from the table that enforces them."""

from __future__ import annotations

from typing import Any, Final, cast, get_args

from core.events import Channel
from core.store.contacts import ContactRecord, RecordState
from records.routes import recordings as sound_room
from records.routes.statistics import Measures
from records.statistics.live import LiveFigures
from records.statistics.question import Answer as Told
from records.vcon.shapes import MEDIATYPE
from server.api.routes import Answer, Given, Route
from server.api.statistics_routes import QUESTION
from server.api.webhook_routes import DELIVERIES, FULL, NO_WEBHOOK, ONE
from server.rest.contacts import ContactFacts, FoundContacts, RecordChange
from server.rest.door import PREFIX, Method
from server.rest.problems import Problem
from server.rest.recordings import FoundRecordings
from server.rest.routes import rest_routes
from server.rest.texts import TextsApi, TextSeen, TextWish
from server.vcons import Inclusion
from server.webhooks.office import (
    DeliveryPage,
    DeliverySeen,
    SentAgain,
    WebhookForm,
    WebhookList,
    WebhookMade,
    WebhookSeen,
)

_NOBODY: Final = cast(Any, None)  # the table alone is looked at, nobody asks
_TABLE: Final = {
    f"{route.method} {route.path}": route
    for route in rest_routes(
        contacts=_NOBODY,
        texts=TextsApi(_NOBODY, _NOBODY, _NOBODY, _NOBODY),
        statistics=_NOBODY,
        recordings=_NOBODY,
        webhooks=_NOBODY,
        vcons=_NOBODY,
    )
}
_DAY: Final = {"type": "string", "format": "date"}
_YES: Final = {"type": "string", "enum": ["yes", "no"]}
_FIND: Final = (
    Given("text", "Words, the last four digits of a number, or a whole number.", {"type": "string"}),
    Given("since", "First local day.", _DAY),
    Given("until", "Last local day, included.", _DAY),
    Given("channel", "How it came.", {"type": "string", "enum": list(get_args(Channel))}),
    Given("agent", "Sign-in name."),
    Given("department", "Name."),
    Given("category", "Path, with what is below it."),
    Given("district", "Name."),
    Given("result", "The disposition's code."),
    Given("person", "The keyed hash that another contact told."),
    Given("state", "How far its record is.", {"type": "string", "enum": list(get_args(RecordState))}),
    Given("before", "Page on: `next` of the page before."),
    Given("limit", "Of one page.", {"type": "integer", "minimum": 1, "maximum": 200}),
)


def _route(
    method: Method,
    path: str,
    name: str,
    summary: str,
    answer: Answer | None,
    *,
    missing: str = "",
    refused: str = "",
    answers: dict[int, Answer] = {},  # noqa: B006 - it is read
    **more: Any,
) -> Route:
    route = _TABLE[f"{method} {path}"]
    all_answers = {
        **({route.status: answer} if answer else {204: Answer("Done.")}),
        401: _fault("There is no token, or it is revoked or has had its time."),
        403: _fault(f"The token lacks the scope {route.scope}."),
        429: _fault("Too many requests of this token: `Retry-After` says when to come again."),
        503: _fault("The database or a key is away: come again."),
        **answers,
    }
    if more.get("query") or more.get("sends") is not None:
        all_answers[400] = _fault("What was sent cannot be taken; in words.")
    if missing:
        all_answers[404] = _fault(missing)
    if refused:
        all_answers[409] = _fault(refused)
    return Route(
        method=method,
        path=f"{PREFIX}/{path}",
        id=f"rest{name}",
        summary=summary,
        tag=path.partition("/")[0],
        needs="token",
        scope=route.scope,
        answers=dict(sorted(all_answers.items())),
        **more,
    )


def _fault(meaning: str) -> Answer:
    return Answer(meaning, Problem, problem=True)


_NO_CONTACT: Final = "There is no such contact."
_NO_RECORDING: Final = "There is no such recording (any more)."

REST: Final = (
    Route(
        method="GET",
        path=f"{PREFIX}/openapi.json",
        id="restDocument",
        summary="This document.",
        tag="document",
        answers={200: Answer("OpenAPI 3.1.", {"type": "object"})},
    ),
    _route(
        "GET",
        "contacts",
        "Contacts",
        "Contacts, found as in the office, newest first.",
        Answer("A part of the list.", FoundContacts),
        query=_FIND,
    ),
    _route(
        "GET",
        "contacts/{contact_id}",
        "Contact",
        "One contact: who, when, how long, what about.",
        Answer("It.", ContactFacts),
        missing=_NO_CONTACT,
    ),
    _route(
        "GET",
        "contacts/{contact_id}/vcon",
        "ContactVcon",
        "One contact as a vCon (draft-ietf-vcon-vcon-core-04); noted with the reason.",
        Answer("The file.", content=MEDIATYPE),
        query=(
            Given("reason", "Why it leaves the house; needed."),
            Given(
                "recording",
                "Its recordings: 'none' is usual; the others need the scope recordings:read.",
                {"type": "string", "enum": list(get_args(Inclusion))},
            ),
            Given("numbers", "The citizen's number stands in it; needs the scope contacts:read.", _YES),
            Given("signed", "Signed by the site's key (JWS), as is usual.", _YES),
        ),
        missing=_NO_CONTACT,
        refused="Its recordings are too large to be inline, or cannot be read.",
    ),
    _route(
        "GET",
        "records/{contact_id}",
        "Record",
        "One counselling record; its version is the ETag.",
        Answer("It.", ContactRecord),
        missing=_NO_CONTACT,
    ),
    _route(
        "PUT",
        "records/{contact_id}",
        "RecordChange",
        "Confirm a record, or change it afterwards.",
        Answer("As it is now.", ContactRecord),
        sends=RecordChange,
        headers=(Given("If-Match", "The ETag of the version that was read."),),
        missing=_NO_CONTACT,
        answers={
            412: _fault("Somebody else has kept it since: `newest` says which version; read it again."),
            428: _fault("If-Match is missing."),
        },
    ),
    _route(
        "POST",
        "texts",
        "TextSend",
        "Send a text. The same Idempotency-Key again sends nothing, and is answered alike.",
        Answer("It is taken; `Location` tells its state.", TextSeen),
        sends=TextWish,
        headers=(Given("Idempotency-Key", "8 to 128 visible characters, a new one for each text."),),
        missing=_NO_CONTACT,
        refused="`opted_out`, `quiet_hours`, `same_text` (say so in `sure` to send it all the same), a limit, or a "
        "sender that is not registered.",
        answers={422: _fault("The key was used for another text.")},
    ),
    _route(
        "GET",
        "texts/{text_id}",
        "Text",
        "How far a text of this token is.",
        Answer("It.", TextSeen),
        missing="There is no such text of this token.",
    ),
    _route("GET", "statistics", "Statistics", "Figures of days.", Answer("Lines and a total.", Told), query=QUESTION),
    _route(
        "GET",
        "statistics/measures",
        "StatisticsMeasures",
        "Every figure with its formula.",
        Answer("All.", Measures),
    ),
    _route("GET", "statistics/live", "StatisticsLive", "Today and now.", Answer("As of now.", LiveFigures)),
    _route(
        "GET",
        "recordings",
        "Recordings",
        "The newest recordings, or those of a contact.",
        Answer("A part of the list.", FoundRecordings),
        query=(
            Given("contact", "Only that contact's, the oldest first."),
            Given("before", "Page on: `next` of the page before.", {"type": "string", "format": "date-time"}),
        ),
    ),
    _route(
        "GET",
        "recordings/{recording_id}",
        "Recording",
        "What was said in it, with times.",
        Answer("All but the sound.", sound_room.RecordingShown),
        missing=_NO_RECORDING,
    ),
    _route(
        "GET",
        "recordings/{recording_id}/audio",
        "RecordingAudio",
        "The sound, Opus in Ogg or FLAC, or a range of it (RFC 9110 section 14).",
        Answer("All of it.", content="audio/ogg"),
        missing=_NO_RECORDING,
        refused="Its file was changed or cut off, or it or its key is gone (`unreadable`).",
        answers={206: Answer("The range.", content="audio/ogg"), 416: _fault("There is no such range.")},
    ),
    _route("GET", "webhooks", "Webhooks", "Receivers and how they go.", Answer("All.", WebhookList)),
    _route(
        "POST",
        "webhooks",
        "WebhookMake",
        "A new receiver.",
        Answer("Its secret, shown this once.", WebhookMade),
        sends=WebhookForm,
        refused=FULL,
    ),
    _route("GET", ONE, "Webhook", "One receiver.", Answer("It.", WebhookSeen), missing=NO_WEBHOOK),
    _route(
        "PUT",
        ONE,
        "WebhookChange",
        "Change a receiver, or pause it.",
        Answer("As it is now.", WebhookSeen),
        sends=WebhookForm,
        missing=NO_WEBHOOK,
        refused=FULL,
    ),
    _route("DELETE", ONE, "WebhookDrop", "Forget a receiver and its deliveries.", None, missing=NO_WEBHOOK),
    _route(
        "POST",
        f"{ONE}/rotate",
        "WebhookRotate",
        "A new secret; the old one signs beside it for a day.",
        Answer("The new one, shown this once.", WebhookMade),
        missing=NO_WEBHOOK,
    ),
    _route("POST", f"{ONE}/rotated", "WebhookRotated", "The old secret is over.", None, missing=NO_WEBHOOK),
    _route(
        "POST",
        f"{ONE}/test",
        "WebhookTest",
        "A trial, behind what waits.",
        Answer("It waits.", DeliverySeen),
        missing=NO_WEBHOOK,
        refused="Its queue is full.",
    ),
    _route(
        "GET",
        f"{ONE}/deliveries",
        "WebhookDeliveries",
        "How deliveries went.",
        Answer("A part of the list.", DeliveryPage),
        query=DELIVERIES,
        missing=NO_WEBHOOK,
    ),
    _route(
        "POST",
        f"{ONE}/resend",
        "WebhookResendDead",
        "All dead letters once more.",
        Answer("How many.", SentAgain),
        missing=NO_WEBHOOK,
    ),
    _route(
        "POST",
        f"{ONE}/deliveries/{{delivery_id}}/resend",
        "WebhookResend",
        "One delivery once more, with the same id.",
        Answer("It waits.", DeliverySeen),
        missing=NO_WEBHOOK,
        refused="It waits already.",
    ),
)
