"""The office addresses of texts (``channels.routes``). Roles come from the table that enforces them."""

from __future__ import annotations

from typing import Any, Final, Literal, cast

from channels import office as shapes
from channels.routes import text_routes
from core.store.texting import SenderNumber, TextRule, TextTemplate
from server.api.records_routes import office
from server.api.routes import Answer, Given, Route

_NOBODY: Final = cast(shapes.TextsOffice, None)  # the table alone is looked at, nobody asks
_ROLES: Final = {f"{route.method} {route.path}": route.roles for route in text_routes(_NOBODY)}
_WRONG: Final = "400 `faulty` names every field that is wrong."


def _texts(
    method: Literal["GET", "POST"], path: str, name: str, summary: str, answer: Answer | None, **more: Any
) -> Route:
    roles = _ROLES[f"{method} {path}"]
    return office(method, f"texts/{path}", name, summary, answer, roles, **more)


TEXTS: Final = (
    _texts("GET", "templates", "TextTemplates", "Templates of texts.", Answer("All.", shapes.TemplatesPage)),
    _texts(
        "POST",
        "templates",
        "PutTextTemplate",
        f"Write a template, a new one without an id. {_WRONG}",
        Answer("As it is kept.", TextTemplate),
        sends=shapes.TemplateWish,
    ),
    _texts(
        "POST",
        "templates/{id}/drop",
        "DropTextTemplate",
        "Delete a template.",
        None,
        refused="`template_in_use`: a rule sends it.",
    ),
    _texts("GET", "rules", "TextRules", "Texts that go by themselves.", Answer("All.", shapes.RulesPage)),
    _texts(
        "POST",
        "rules",
        "PutTextRule",
        f"Write a rule, a new one without an id. {_WRONG}",
        Answer("As it is kept.", TextRule),
        sends=shapes.RuleWish,
    ),
    _texts(
        "POST",
        "rules/try",
        "TryTextRule",
        "What this rule would have sent in the last days; nothing is sent.",
        Answer("Counts, and the newest cases.", shapes.Trial),
        sends=shapes.TrialWish,
    ),
    _texts("POST", "rules/{id}/drop", "DropTextRule", "Delete a rule.", None),
    _texts("GET", "senders", "TextSenders", "Numbers that texts may come from.", Answer("All.", shapes.SendersPage)),
    _texts(
        "POST",
        "senders",
        "PutTextSender",
        f"Write a sender number. {_WRONG}",
        Answer("As it is kept.", SenderNumber),
        sends=shapes.SenderWish,
    ),
    _texts(
        "POST",
        "senders/{id}/drop",
        "DropTextSender",
        "Delete a sender number.",
        None,
        refused="`sender_in_use`: a rule sends from it.",
    ),
    _texts(
        "GET",
        "opt-outs",
        "TextOptOuts",
        "Who wants no texts: when and how they told us, never who.",
        Answer("A part of the list, newest first.", shapes.OptOutsPage),
        query=(Given("before", "Page on: only what is older.", {"type": "string", "format": "date-time"}),),
    ),
    _texts(
        "POST",
        "opt-outs",
        "PutTextOptOut",
        "This number wants no texts. Noted in the audit log.",
        Answer("As it is kept.", shapes.OptOutFound),
        sends=shapes.NumberGiven,
    ),
    _texts(
        "POST",
        "opt-outs/find",
        "FindTextOptOut",
        "Whether this number wants texts. Noted in the audit log.",
        Answer("What it told us, null = nothing.", shapes.OptOutFound),
        sends=shapes.NumberGiven,
    ),
    _texts(
        "POST",
        "opt-outs/drop",
        "DropTextOptOut",
        "This number wants texts again. Noted in the audit log.",
        None,
        sends=shapes.NumberGiven,
        refused="`not_opted_out`: it is not on the list.",
    ),
)
