"""All addresses of the administration pages, and who may ask what. The table is the rule: nothing is reached around it.

``/kb`` is the page, ``/kb/api/...`` is JSON as the desk's: 401 signed out, 403 ``role`` for a missing role, 404 what
is not there, 409 what was refused (``edited_meanwhile`` with the merge, ``in_use`` with how many), 400 in words.
An administrator may do everything. An owner writes entries of her own department alone; ``Editing`` sees to that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, NamedTuple

from aiohttp import web

from agent_assist.admin.entries import EntryAnswers
from agent_assist.admin.house import AdminHouse
from agent_assist.admin.imports import ImportAnswers
from agent_assist.admin.radar import RadarAnswers
from agent_assist.admin.rules import RuleAnswers
from agent_assist.admin.structure import StructureAnswers
from agent_assist.admin.words import WordAnswers
from agent_assist.admin.work import WorkAnswers
from agent_assist.desk_pages import DeskPages
from core.config import Role
from core.web.door import Answer, guarded
from core.web.noted import Sight, noted
from core.web.pages import language_of

ALL: Final[tuple[Role, ...]] = ("agent", "editor", "owner", "supervisor")
WRITERS: Final[tuple[Role, ...]] = ("editor", "owner")
WATCHERS: Final[tuple[Role, ...]] = ("editor", "owner", "supervisor")
EDITOR: Final[tuple[Role, ...]] = ("editor",)
SUPERVISOR: Final[tuple[Role, ...]] = ("supervisor",)
EDITOR_SUPERVISOR: Final[tuple[Role, ...]] = ("editor", "supervisor")
ADMIN: Final[tuple[Role, ...]] = ("admin",)


class AdminRoute(NamedTuple):
    """One address."""

    method: Literal["GET", "POST"]
    path: str
    """Below ``/kb/api/``."""
    roles: tuple[Role, ...]
    """One of them is needed."""
    answer: Answer


def routes(house: AdminHouse) -> tuple[AdminRoute, ...]:
    """The table."""
    entries, structure, work = EntryAnswers(house), StructureAnswers(house), WorkAnswers(house)
    imports, words, rules, radar = ImportAnswers(house), WordAnswers(house), RuleAnswers(house), RadarAnswers(house)
    return (
        AdminRoute("GET", "me", ALL, entries.me),
        AdminRoute("GET", "names", ALL, entries.names),
        AdminRoute("GET", "structure", ALL, structure.all),
        AdminRoute("GET", "structure/use", WRITERS, structure.use),
        # Entries: everybody reads and may say that something is wrong.
        AdminRoute("GET", "entries", ALL, entries.heads),
        AdminRoute("GET", "entries/counts", ALL, entries.counts),
        AdminRoute("GET", "search", ALL, entries.search),
        AdminRoute("POST", "entries", WRITERS, entries.create),
        AdminRoute("GET", "entries/{entry_id}", ALL, entries.open),
        AdminRoute("POST", "entries/{entry_id}", WRITERS, entries.save),
        AdminRoute("POST", "entries/{entry_id}/step", WRITERS, entries.step),
        AdminRoute("POST", "entries/{entry_id}/restore", WRITERS, entries.restore),
        AdminRoute("POST", "entries/{entry_id}/report", ALL, entries.report),
        AdminRoute("GET", "entries/{entry_id}/versions", ALL, entries.versions),
        AdminRoute("GET", "entries/{entry_id}/versions/{version}", ALL, entries.version),
        AdminRoute("GET", "entries/{entry_id}/diff", ALL, entries.diff),
        AdminRoute("POST", "preview", ALL, entries.preview),
        AdminRoute("POST", "measure", WRITERS, entries.measure),
        AdminRoute("POST", "attachments", WRITERS, entries.attach),
        AdminRoute("GET", "attachments/{attachment_id}", ALL, entries.attachment),
        # What entries name.
        AdminRoute("POST", "departments", EDITOR, structure.put_department),
        AdminRoute("POST", "departments/{id}/drop", EDITOR, structure.drop_department),
        AdminRoute("POST", "people", WRITERS, structure.put_person),
        AdminRoute("POST", "people/{id}/drop", EDITOR, structure.drop_person),
        AdminRoute("POST", "categories", EDITOR, structure.put_category),
        AdminRoute("POST", "categories/{id}/drop", EDITOR, structure.drop_category),
        # What waits.
        AdminRoute("GET", "tasks", WRITERS, work.tasks),
        AdminRoute("POST", "tasks/{task_id}/done", WRITERS, work.done),
        AdminRoute("POST", "tasks/{task_id}/refuse", WRITERS, work.refuse),
        AdminRoute("GET", "due", WRITERS, work.due),
        AdminRoute("GET", "usage", WATCHERS, work.usage),
        AdminRoute("GET", "gaps", WATCHERS, work.gaps),
        AdminRoute("POST", "gaps", WRITERS, work.settle),
        # Whole tables.
        AdminRoute("POST", "imports", EDITOR, imports.upload),
        AdminRoute("GET", "imports", EDITOR, imports.jobs),
        AdminRoute("POST", "imports/{upload_id}/preview", EDITOR, imports.preview),
        AdminRoute("POST", "imports/{upload_id}/start", EDITOR, imports.start),
        AdminRoute("GET", "runs/{run_id}", EDITOR, imports.run),
        AdminRoute("POST", "runs/{run_id}/stop", EDITOR, imports.stop),
        AdminRoute("GET", "runs/{run_id}/report", EDITOR, imports.report),
        AdminRoute("GET", "runs/{run_id}/report.csv", EDITOR, imports.report_csv),
        AdminRoute("GET", "export", EDITOR, imports.export),
        # The assistant.
        AdminRoute("POST", "try", WATCHERS, words.try_sentence),
        AdminRoute("GET", "synonyms", EDITOR, words.synonyms),
        AdminRoute("POST", "synonyms", EDITOR, words.put_synonym),
        AdminRoute("POST", "synonyms/drop", EDITOR, words.drop_synonym),
        AdminRoute("GET", "learning", EDITOR_SUPERVISOR, words.learnt),
        AdminRoute("POST", "learning/forget", EDITOR, words.forget),
        AdminRoute("GET", "learning/report", EDITOR_SUPERVISOR, words.report),
        AdminRoute("GET", "rules", EDITOR_SUPERVISOR, rules.rules),
        AdminRoute("POST", "rules", EDITOR, rules.save_rules),
        AdminRoute("POST", "rules/try", EDITOR_SUPERVISOR, rules.try_rules),
        AdminRoute("GET", "alerts", SUPERVISOR, rules.alerts),
        AdminRoute("POST", "alerts", ADMIN, rules.save_alerts),
        AdminRoute("POST", "alerts/try", SUPERVISOR, rules.try_alerts),
        AdminRoute("POST", "alerts/forget", ADMIN, rules.forget_lessons),
        AdminRoute("GET", "documents/{name}", EDITOR_SUPERVISOR, rules.versions),
        AdminRoute("GET", "documents/{name}/{version}", EDITOR_SUPERVISOR, rules.version),
        AdminRoute("GET", "issues", SUPERVISOR, radar.issues),
        AdminRoute("POST", "issues/{issue_id}/seen", SUPERVISOR, radar.seen),
    )


_SIGHTS: Final = {
    ("GET", "gaps"): Sight("saw", "contact", detail="questions without a card"),
    ("GET", "alerts"): Sight("saw", "contact", detail="alerts"),
    ("GET", "issues"): Sight("saw", "contact", detail="issues"),
    ("GET", "export"): Sight("exported", "knowledge"),
    ("POST", "imports/{upload_id}/start"): Sight("changed", "knowledge", "upload_id", "import"),
    ("POST", "rules"): Sight("changed", "settings", detail="rules of cards"),
    ("POST", "alerts"): Sight("changed", "settings", detail="alerts"),
    ("POST", "alerts/forget"): Sight("deleted", "settings", detail="lessons of alerts"),
    ("POST", "learning/forget"): Sight("deleted", "settings", detail="lessons of cards"),
}
"""What is read of citizens' words, taken out, or changed for everybody. Entries keep their own versions."""


def admin(house: AdminHouse, pages: DeskPages) -> Callable[[web.Application], None]:
    """What adds the administration pages to a web application. Their files are the desk's: ``/desk/static/admin/``."""

    async def page(request: web.Request) -> web.Response:
        if house.who(request) is None:
            raise web.HTTPFound("/signin?next=/kb")
        return pages.html("admin.html", language_of(request), OPENING[language_of(request)])

    def setup(app: web.Application) -> None:
        app.router.add_get("/kb", page)
        for route in routes(house):
            answer = noted(house, _SIGHTS.get((route.method, route.path)), route.answer)
            app.router.add_route(route.method, f"/kb/api/{route.path}", guarded(house, route.roles, answer))

        async def close(_app: web.Application) -> None:
            await house.imports.close()

        app.on_cleanup.append(close)

    return setup


OPENING: Final = {
    "ko": {"title": "상담 데이터베이스 관리 · 민원콜센터", "opening": "관리 화면을 여는 중입니다…"},
    "en": {"title": "Consultation database · Call centre", "opening": "Opening the administration pages…"},
}
"""What the page says before its own words are loaded."""
