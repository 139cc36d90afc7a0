"""The desk's files: all there, nothing from elsewhere, two languages, a strict policy."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import typing
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec
import pytest
from aiohttp import ClientSession

import agent_assist
from agent_assist import desk_assist, desk_transfers, desk_visits
from agent_assist.desk_body import Element
from agent_assist.desk_pages import DeskPages
from core import events
from core.agent import Agent
from core.store.contract import CallSummary
from core.store.entry import Attachment, Entry, Reference
from tests.fakes.desk_site import DeskSite
from tests.fakes.house import AGENT, FakeHouse

WEB = Path(agent_assist.__file__).parent / "web"
ROOT = WEB.parent.parent
SCRIPTS = sorted(WEB.glob("*.js"))


@pytest.fixture
async def browser() -> AsyncIterator[ClientSession]:
    async with DeskSite(FakeHouse()) as site, ClientSession(site.url) as session:
        site.house.signed_in = lambda _request: AGENT
        yield session


def messages(language: str) -> dict[str, str]:
    words: dict[str, str] = json.loads((WEB / "messages" / f"{language}.json").read_text("utf-8"))
    return words


def said_keys() -> Iterator[tuple[str, str]]:
    """Every message key that stands in a page or script as a whole."""
    for script in SCRIPTS:
        for key in re.findall(r"(?:say|known)\('([\w.]+)'", script.read_text("utf-8")):
            yield script.name, key
        for key in re.findall(r"\? '([a-z_]+\.[\w.]+)'|: '([a-z_]+\.[\w.]+)'", script.read_text("utf-8")):
            yield script.name, key[0] or key[1]
    for page in (WEB / "desk.html", *WEB.glob("signin*.html"), *WEB.glob("parts/*.html")):
        for key in re.findall(r"\{\{([a-z_.]+)\}\}", page.read_text("utf-8")):
            yield page.name, key


def test_both_languages_have_the_same_keys_and_the_same_blanks() -> None:
    korean, english = messages("ko"), messages("en")
    assert list(korean) == list(english)
    for key, text in korean.items():
        assert set(re.findall(r"\{(\w+)\}", text)) == set(re.findall(r"\{(\w+)\}", english[key])), key
        assert text.strip() and english[key].strip(), key


def test_every_key_that_is_said_is_in_the_catalogue() -> None:
    catalogue = messages("ko")
    missing = [(place, key) for place, key in said_keys() if key not in catalogue]
    assert not missing


@pytest.mark.parametrize(
    ("prefix", "values"),
    [
        ("end", typing.get_args(events.EndReason)),
        ("alarm", typing.get_args(events.AlarmCode)),
        ("state", typing.get_args(events.AgentState)),
        ("visit.cause", [cause for cause in typing.get_args(events.ScreenCause) if cause != "start"]),
        ("visit.way", typing.get_args(events.VisitWay)),
        ("visit.link", typing.get_args(events.MessageState)),
        ("message", typing.get_args(events.MessageState)),
        ("callback", typing.get_args(events.CallbackState)),
        ("speaker", typing.get_args(events.Speaker)),
        ("masked", ("resident_number", "driving_licence", "passport", "card", "account", "phone")),
        ("cards.why", typing.get_args(events.CardReason)),
        ("chips", typing.get_args(events.ValueKind)),
        ("alert.kind", typing.get_args(events.AlertKind)),
        ("alert.state", typing.get_args(events.AlertState)),
        ("alert.step", typing.get_args(desk_assist.StepName)),
        ("issue.state", typing.get_args(events.IssueState)),
        ("transfer", typing.get_args(events.TransferState)),
        ("transfer", typing.get_args(desk_transfers.Wish)),
        ("transfer.kind", typing.get_args(desk_transfers.TargetKind)),
        ("transfer.colleague", typing.get_args(events.AgentState)),
        ("supervision", typing.get_args(events.SupervisionMode)),
    ],
)
def test_whatever_the_house_can_say_has_words(prefix: str, values: tuple[str, ...]) -> None:
    for value in values:
        assert f"{prefix}.{value}" in messages("ko")


SAID = [
    kind
    for room in (desk_visits, desk_assist, desk_transfers)
    for kind in vars(room).values()
    if isinstance(kind, type) and kind.__module__ == room.__name__
]
PLAIN = [events.Suggestion, events.FormValue, events.HeardValue, events.RecordDraft, Reference, Attachment, Element]


@pytest.mark.parametrize(
    "struct",
    [*typing.get_args(events.AnyEvent), Entry, CallSummary, Agent, *PLAIN, *SAID],
)
def test_the_pages_types_name_only_fields_that_exist(struct: type[msgspec.Struct]) -> None:
    """types.js is written by hand: a renamed field must not leave it behind."""
    fields = {field.name for field in msgspec.structs.fields(struct)}
    text = (WEB / "types.js").read_text("utf-8")
    name = struct.__name__
    union = re.search(rf"type: [^,]*'{name}'[^,]*, ([^}}]*)\}}", text)
    listed = re.search(rf"@typedef \{{object\}} {name}\n((?: \* @property .*\n)+)", text)
    plain = re.search(rf"@typedef \{{\{{([^}}]*)\}}\}} {name} \*/", text)
    if plain and not union:
        used = set(re.findall(r"(\w+)\??:", plain[1]))
    elif union:
        used = set(re.findall(r"(\w+):", union[1]))
    elif listed:
        used = set(re.findall(r"@property \{.*?\} (\w+)", listed[1]))
    else:
        pytest.fail(f"{name} is not in types.js")
    assert used <= fields


def test_nothing_is_loaded_from_elsewhere() -> None:
    for file in WEB.rglob("*"):
        if file.suffix in {".js", ".html", ".css", ".svg"}:
            code = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", file.read_text("utf-8"), flags=re.DOTALL)
            found = re.findall(r"https?://[^\s\"'`)]+", code)
            assert not [url for url in found if not url.startswith("http://www.w3.org/")], file


def test_no_markup_is_ever_made_of_text() -> None:
    for script in SCRIPTS:
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacent|dangerously|document\.write", script.read_text("utf-8")
        )


def test_the_vendored_versions_are_those_of_the_lock_file() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    licences = (WEB / "vendor" / "LICENSES.md").read_text("utf-8")
    named = dict(re.findall(r"^## (\S+) (\S+) \(", licences, re.MULTILINE))
    assert set(named) == {"preact", "htm", "uplot", "@preact/signals", "@preact/signals-core"}
    for name, version in named.items():
        assert lock[f"node_modules/{name}"]["version"] == version
    assert not [entry for entry in lock.values() if "resolved" in entry], "no registry's address in the lock file"


async def test_the_policy_allows_our_own_files_and_the_import_map_alone(browser: ClientSession) -> None:
    async with browser.get("/desk") as answer:
        html, headers = await answer.text(), answer.headers
    (import_map,) = re.findall(r'<script type="importmap">(.*?)</script>', html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(import_map.encode()).digest()).decode()
    policy = headers["Content-Security-Policy"]
    assert f"script-src 'self' 'sha256-{digest}';" in policy
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    for address in json.loads(import_map)["imports"].values():
        async with browser.get(address) as answer:
            assert (answer.status, answer.content_type) == (200, "text/javascript")


async def test_files_are_checked_again_and_not_sent_twice(browser: ClientSession) -> None:
    async with browser.get("/desk/static/app.js") as first:
        assert first.headers["Cache-Control"] == "no-cache"
        tag = first.headers["ETag"]
    async with browser.get("/desk/static/app.js", headers={"If-None-Match": tag}) as second:
        assert (second.status, await second.read()) == (304, b"")


@pytest.mark.parametrize(
    "path", ["../desk.py", "%2e%2e/desk.py", "vendor/copy.mjs", "desk.html", "nothing.js", "messages"]
)
async def test_only_the_pages_files_are_served(browser: ClientSession, path: str) -> None:
    async with browser.get(f"/desk/static/{path}") as answer:
        assert answer.status == 404


async def test_the_page_speaks_korean_first_and_english_on_wish(browser: ClientSession) -> None:
    async with browser.get("/desk", headers={"Accept-Language": "en"}) as answer:
        assert '<html lang="ko">' in await answer.text()
    async with browser.get("/desk", cookies={"minwon_lang": "en"}) as answer:
        assert '<html lang="en">' in await answer.text()


def test_fields_of_a_page_are_text_not_markup() -> None:
    page = DeskPages().html("signin_invitation.html", "ko", {"id": '"><script>alert(1)</script>', "error": ""})
    assert "<script>" not in (page.text or "")
    assert "&quot;&gt;&lt;script&gt;" in (page.text or "")
