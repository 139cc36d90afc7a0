"""The documents say what the application does: every address, every message, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast, get_args

import msgspec
import pytest
from aiohttp import web

from agent_assist.admin.routes import admin
from agent_assist.desk import DeskPages, desk
from agent_assist.wall.routes import wall
from ars.guesses import Guesses
from ars.links import Links
from ars.messages import NodeMessage, PageMessage
from ars.phone.routes import phone
from ars.visits import Visits
from channels.inbox.routes import texts_in
from channels.routes import text_settings_room
from core.config import InboxConfig, OidcConfig, WebConfig
from core.events import AnyEvent
from core.store.accounts import SCOPES
from core.web.client import Proxies
from records.routes.agent_time import agent_time_routes
from records.routes.audit import audit_routes
from records.routes.recordings import recording_routes
from records.routes.reports import report_routes
from records.routes.rights import rights_routes
from records.routes.statistics import statistics_routes
from server.accounts_routes import accounts_room
from server.api.__main__ import main
from server.api.documents import ROUTES, SOCKETS, documents
from server.api.rest_routes import REST
from server.api.schemas import Schemas
from server.bench.wall_floor import Floor
from server.outward_parts import Outward
from server.records_parts import office
from server.rest.door import Door, RestRoute
from server.rest.room import rest_room
from server.rest.routes import rest_routes
from server.rest.texts import TextsApi
from server.web import Web
from tests.fakes.accounts import SmallSignIn
from tests.fakes.house import FakeHouse

DOCS = Path(__file__).parents[2] / "docs" / "api"
DOCUMENTS = {file.name: json.loads(file.read_text(encoding="utf-8")) for file in sorted(DOCS.iterdir())}
"""As they are shipped; the first tests hold them against what is made now."""
OPENAPI, ASYNCAPI, REST_API = DOCUMENTS["openapi.json"], DOCUMENTS["asyncapi.json"], DOCUMENTS["rest.json"]


async def health() -> dict[str, str]:
    return {}


def application() -> web.Application:
    """The whole web application, with every room."""
    pages, nothing = DeskPages(), cast(Any, None)  # addresses alone are looked at, nobody asks
    sign_in = SmallSignIn((), pages, oidc=OidcConfig(issuer="http://127.0.0.1:1", client_id="minwon"))
    visits = Visits(nothing, nothing, Links(1), limit=1, grace_s=1)
    room = phone(visits, menu=nothing, search=nothing, photos=nothing, guesses=Guesses(), proxies=Proxies(()))
    rights = rights_routes(nothing), audit_routes(nothing)
    figures = statistics_routes(nothing), agent_time_routes(nothing), report_routes(nothing, nothing)
    outward = Outward(webhooks=nothing, office=nothing, vcons=nothing)
    return Web(
        WebConfig(),
        health,
        (
            sign_in.setup,
            accounts_room(sign_in.accounts),
            desk(FakeHouse(), pages),
            office(nothing, nothing, *figures, recording_routes(nothing), *rights, *outward.tables()),
            admin(nothing, pages),
            wall(Floor(agents=2, calls=0), pages),
            room,
            texts_in(nothing, (), InboxConfig(), Proxies(())),
            text_settings_room(nothing),
            rest_room(Door(nothing, per_minute=1), rest_table(nothing), bytes),
        ),
    )._app


def rest_table(nothing: Any) -> tuple[RestRoute, ...]:
    texts = TextsApi(nothing, nothing, nothing, nothing)
    houses = {"contacts": nothing, "statistics": nothing, "recordings": nothing, "webhooks": nothing, "vcons": nothing}
    return rest_routes(texts=texts, **houses)


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a document."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


@pytest.fixture(scope="module")
def generated() -> dict[str, str]:
    return documents()


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_the_files_are_as_generated(name: str, generated: dict[str, str]) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == generated[name], "run: python -m server.api"


def test_no_other_file_lies_there_and_none_is_missing(generated: dict[str, str]) -> None:
    assert {file.name for file in DOCS.iterdir()} == set(generated)


async def test_every_address_is_described_and_every_description_has_its_address() -> None:
    served = {
        (route.method, re.sub(r":[^}]*\}", "}", route.resource.canonical))
        for route in application().router.routes()
        if route.resource is not None and route.method not in ("HEAD", "*")  # '*' = no such page, in words
    }
    described = {
        (method.upper(), path)
        for document in (OPENAPI, REST_API)
        for path, item in document["paths"].items()
        for method in item
    }
    assert served - described == set(), "describe them in server/api/routes.py"
    assert described - served == set()


async def test_every_socket_is_an_address_too() -> None:
    paths = {route.resource.canonical for route in application().router.routes() if route.resource is not None}
    for socket in SOCKETS:
        assert socket.address in paths
        assert OPENAPI["paths"][socket.address]["get"]["summary"]


def test_names_are_unique() -> None:
    names = [route.id for route in (*ROUTES, *REST)]
    assert len(names) == len(set(names))
    assert all(re.fullmatch("[a-z][A-Za-z]*", name) for name in names)
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_every_reference_leads_somewhere(name: str) -> None:
    document = DOCUMENTS[name]
    found = [node["$ref"] for node in nodes(document) if isinstance(node.get("$ref"), str)]
    assert found
    for reference in found:
        target: Any = document
        assert reference.startswith("#/")
        for part in reference[2:].split("/"):
            target = target[part]
        assert isinstance(target, dict)


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_every_component_is_used(name: str) -> None:
    document = DOCUMENTS[name]
    used = {node["$ref"] for node in nodes(document) if isinstance(node.get("$ref"), str)}
    for kind in ("schemas", "messages"):
        for component in document["components"].get(kind, {}):
            assert f"#/components/{kind}/{component}" in used


@pytest.mark.parametrize("document", [OPENAPI, REST_API])
def test_openapi_by_its_rules(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    for path, item in document["paths"].items():
        for operation in item.values():
            given = operation.get("parameters", [])
            assert {p["name"] for p in given if p["in"] == "path"} == set(re.findall(r"\{(\w+)\}", path))
            assert all(p["required"] for p in given if p["in"] == "path")
            assert operation["responses"] and all(
                re.fullmatch("[1-5][0-9][0-9]", code) for code in operation["responses"]
            )
            assert all(answer["description"] for answer in operation["responses"].values())
            for needs in operation["security"]:
                assert set(needs) <= set(document["components"]["securitySchemes"])


def test_every_address_of_the_rest_api_names_its_scope() -> None:
    scopes = {
        scope
        for item in REST_API["paths"].values()
        for operation in item.values()
        for needs in operation["security"]
        for scope in needs["token"]
    }
    assert scopes == set(SCOPES) - {"wallboard"}


def test_asyncapi_by_its_rules() -> None:
    assert ASYNCAPI["asyncapi"].startswith("3.0.")
    spoken: dict[str, set[str]] = {channel: set() for channel in ASYNCAPI["channels"]}
    for operation in ASYNCAPI["operations"].values():
        assert operation["action"] in ("send", "receive")
        channel = operation["channel"]["$ref"].rpartition("/")[2]
        for message in operation["messages"]:
            prefix, _, name = message["$ref"].rpartition("/")
            assert prefix == f"#/channels/{channel}/messages"
            spoken[channel].add(name)
    for channel, item in ASYNCAPI["channels"].items():
        assert spoken[channel] == set(item["messages"])
        assert set(item.get("parameters", {})) == set(re.findall(r"\{(\w+)\}", item["address"]))
    for node in nodes(ASYNCAPI["components"]["schemas"]):
        assert isinstance(node.get("discriminator", ""), str)


def test_every_json_field_has_its_sentence_or_speaks_for_itself() -> None:
    """New structs keep the house's habit: a sentence under each field, which is the description here."""
    plain = {
        field
        for document in DOCUMENTS.values()
        for name, schema in document["components"]["schemas"].items()
        for field, about in schema.get("properties", {}).items()
        if field != "type" and not about.get("description")
    }
    assert plain <= {
        # Of entries, calls, the desk's own small answers: their names say it all.
        *("id", "name", "text", "on", "state", "title", "body", "department", "person", "deputy", "phone", "updated"),
        *("call", "calls", "call_id", "caller", "called", "started", "joined", "ended", "agent_name", "messages"),
        # Of the consultation database, whose records (``core.store.knowledge``) are read as they are named.
        *("entry_id", "category_id", "department_id", "person_id", "deputy_id", "parent_id", "issue_id", "entry_title"),
        *("hours", "procedure", "keywords", "excludes", "links", "attachments", "message", "expires", "review_by"),
        *("version", "by", "why", "at", "place", "closed", "duty", "absent_from", "absent_until", "left", "kind"),
        *("task_id", "done_by", "done_at", "office", "day", "shown", "opened", "accepted", "dismissed", "sent"),
        *("terms", "district", "usual", "since", "quotes", "job_id", "taken", "rejected", "remarks", "head", "content"),
        # Of imports, comparisons and word lists.
        *("header", "mapping", "encoding", "rows", "line", "progress", "other_id", "field", "before", "after", "rule"),
        *("theirs", "mine", "first", "last", "until", "idle_after", "questions", "korean", "english"),
        *("contexts", "words"),
    }


class Inner(msgspec.Struct):
    """Inside."""

    here: int
    """Where it is."""


class Outer(msgspec.Struct, tag=True):
    """Outside."""

    inner: Inner | None = None
    """The one inside."""
    rest: list[dict[str, Inner]] = []


def test_schemas_carry_the_sentences_of_the_source() -> None:
    schemas = Schemas([Outer])
    assert schemas.of(Outer) == {"$ref": "#/components/schemas/Outer"}
    assert schemas.components["Outer"]["description"] == "Outside."
    assert schemas.components["Outer"]["properties"]["inner"]["description"] == "The one inside."
    assert schemas.components["Inner"]["properties"]["here"]["description"] == "Where it is."


def test_every_message_is_described_on_its_socket() -> None:
    spoken = {name: set(item["messages"]) for name, item in ASYNCAPI["channels"].items()}
    events = {kind.__name__ for kind in get_args(AnyEvent)}
    node = {kind.__name__ for kind in get_args(NodeMessage)}
    page = {kind.__name__ for kind in get_args(PageMessage)}
    assert {name.rpartition(".")[2] for name in spoken["desk"]} == events | {"Hello", "History", "Still", "Ask"}
    assert {name.rpartition(".")[2] for name in spoken["phone"]} == node | page | {"Ask"}
    assert {name.rpartition(".")[2] for name in spoken["phoneEvents"]} == node


def test_tags_tell_messages_apart() -> None:
    for message in ASYNCAPI["components"]["messages"].values():
        if message["name"] == "Ask":
            continue
        schema = ASYNCAPI["components"]["schemas"][message["payload"]["$ref"].rpartition("/")[2]]
        assert schema["properties"]["type"]["enum"] == [message["name"].rpartition(".")[2]]
        assert "type" in schema["required"]
        assert message["summary"]


def test_written_as_files(tmp_path: Path, capsys: pytest.CaptureFixture[str], generated: dict[str, str]) -> None:
    main([str(tmp_path / "new")])
    assert {file.name: file.read_text(encoding="utf-8") for file in (tmp_path / "new").iterdir()} == generated
    assert "openapi.json" in capsys.readouterr().out
