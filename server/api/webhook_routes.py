"""The addresses of receivers of webhooks and of vCons on the office pages. Roles come from the tables that enforce
them."""

from __future__ import annotations

from typing import Any, Final, Literal, cast, get_args

from core.store.webhooks import DeliveryState
from records.routes.vcons import vcon_routes
from records.vcon.shapes import MEDIATYPE
from server.api.records_routes import office
from server.api.routes import Answer, Given
from server.vcons import VconWish
from server.webhooks.office import (
    DeliveryPage,
    DeliverySeen,
    SentAgain,
    WebhookForm,
    WebhookList,
    WebhookMade,
    WebhookOffice,
    WebhookSeen,
)
from server.webhooks.office_routes import webhook_routes

_NOBODY: Final = cast(WebhookOffice, None)  # the tables alone are looked at, nobody asks
_ROLES: Final = {
    f"{route.method} {route.path}": route.roles for route in (*webhook_routes(_NOBODY), *vcon_routes(cast(Any, None)))
}
NO_WEBHOOK: Final = "There is no such receiver, or no such delivery of it."
FULL: Final = "There are 20 already (`webhooks_full`), or one of that name (`webhook_exists`)."
ONE: Final = "webhooks/{webhook_id}"
DELIVERIES: Final = (
    Given("state", "Only those.", {"type": "string", "enum": list(get_args(DeliveryState))}),
    Given("before", "Page on: `next` of the page before.", {"type": "integer"}),
)


def _route(
    method: Literal["GET", "POST"], path: str, name: str, summary: str, answer: Answer | None, **more: Any
) -> Any:
    return office(method, path, name, summary, answer, _ROLES[f"{method} {path}"], **more)


WEBHOOKS: Final = (
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
    _route(
        "POST",
        ONE,
        "WebhookChange",
        "Change a receiver, or pause it.",
        Answer("As it is now.", WebhookSeen),
        sends=WebhookForm,
        missing=NO_WEBHOOK,
        refused=FULL,
    ),
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
    _route("POST", f"{ONE}/drop", "WebhookDrop", "Forget a receiver and its deliveries.", None, missing=NO_WEBHOOK),
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
    _route(
        "POST",
        "contacts/{contact_id}/vcon",
        "ContactVcon",
        "A contact as a vCon (draft-ietf-vcon-vcon-core-04); noted with the reason before a byte is sent.",
        Answer("The file, signed (JWS) or as it is.", content=MEDIATYPE),
        sends=VconWish,
        missing="There is no such contact.",
        refused="Its recordings are too large to be inline, or cannot be read.",
    ),
)
