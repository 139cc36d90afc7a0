"""The addresses of the administration pages (``agent_assist.admin``). Roles come from the table that enforces them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, cast

from agent_assist.admin import entries, imports, radar, rules, structure, words, work
from agent_assist.admin.house import AdminHouse, LearntEntry, TextSize, Tried
from agent_assist.admin.import_runs import ImportRun, RunStarted
from agent_assist.admin.routes import routes
from agent_assist.knowledge.differences import FieldChange
from agent_assist.knowledge.editing import Saved
from agent_assist.knowledge.previewing import Preview
from agent_assist.learning.ab_report import AbReport
from core.store.entry import Attachment
from core.store.knowledge import Category, Department, Document, EntryVersion, ImportJob, Person, Synonym, Task
from core.web.door import DoorFault
from server.api.routes import Answer, Given, Route

_ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    f"{route.method} {route.path}": route.roles
    for route in routes(cast(AdminHouse, None))  # the table alone is looked at, nobody asks
}
_COUNT: Final = {"type": "object", "additionalProperties": {"type": "integer"}}
_NAMES: Final = {"type": "object", "additionalProperties": {"type": "string"}}
_LIMIT: Final = Given("limit", "At most so many.", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50})
_BEFORE: Final = Given("before", "Page on: only what is older.", {"type": "string", "format": "date-time"})
_NAME: Final = Given("name", "The file's name.")


def _number(name: str, meaning: str, least: int, usual: int | None = None) -> Given:
    return Given(name, meaning, {"type": "integer", "minimum": least, **({"default": usual} if usual else {})})


def _admin(
    method: Literal["GET", "POST"],
    path: str,
    name: str,
    summary: str,
    answer: Answer | None = None,
    *,
    query: tuple[Given, ...] = (),
    sends: Any = None,
    uploads: str = "",
    missing: str = "",
    refused: str = "",
    clash: Any = None,
) -> Route:
    """One address, with the answers that all of them have."""
    needs = " or ".join([*_ROLES[f"{method} {path}"], *([] if "admin" in _ROLES[f"{method} {path}"] else ["admin"])])
    answers = {
        **({200: answer} if answer else {204: Answer("Done.")}),
        401: Answer("Not signed in, or no longer.", DoorFault),
        403: Answer(f"She is none of: {needs}; or the request is not from our own page (Origin).", DoorFault),
        503: Answer("The database is away.", DoorFault),
    }
    if query or sends is not None or uploads:
        answers[400] = Answer("What was sent cannot be taken; in words, and by field ('faults').", DoorFault)
    if missing:
        answers[404] = Answer(missing, DoorFault)
    if refused:
        answers[409] = Answer(refused, clash or DoorFault)
    return Route(
        method=method,
        path=f"/kb/api/{path}",
        id=f"kb{name}",
        summary=f"{summary} ({needs})",
        tag="administration",
        needs="agent",
        query=query,
        sends=sends,
        uploads=uploads,
        answers=dict(sorted(answers.items())),
    )


_NO_ENTRY: Final = "There is no such entry, or no such version."
_NEWER: Final = "Somebody else has saved meanwhile ('newest' says what), or its state does not allow it."
_IN_USE: Final = "It is in use ('users' says how often) and nobody inherits."
_TAKEN: Final = "It is closed already."
_NO_RUN: Final = "There is no such import any more."

ADMIN: Final = (
    Route(
        method="GET",
        path="/kb",
        id="kbPage",
        summary="The administration pages.",
        tag="administration",
        answers={
            200: Answer("The page.", content="text/html"),
            302: Answer("Not signed in: to the sign-in."),
        },
    ),
    _admin("GET", "me", "Me", "Who works here.", Answer("She.", entries.Me)),
    _admin("GET", "names", "Names", "Sign-in names with names.", Answer("All of them.", _NAMES)),
    _admin("GET", "structure", "Structure", "Departments, people, categories.", Answer("All.", structure.Structure)),
    _admin(
        "GET",
        "structure/use",
        "StructureUse",
        "How many entries name each.",
        Answer("Counts.", structure.StructureUse),
    ),
    _admin(
        "GET",
        "entries",
        "Entries",
        "Entries of the consultation database.",
        Answer("A part of the list.", entries.EntriesPage),
        query=(
            Given("text", "Looked for in titles and ids."),
            Given("state", "Of the newest version.", {"type": "string", "enum": list(entries.STATES)}),
            Given("category", "With what is below it."),
            Given("department", "Its id."),
            Given("due_before", "Expires or is to be reviewed before.", {"type": "string", "format": "date"}),
            Given("after", "Page on: the last entry's id."),
            _LIMIT,
        ),
    ),
    _admin(
        "GET",
        "search",
        "Search",
        "Published entries for typed words, as the desk finds them.",
        Answer("Best first.", entries.Found),
        query=(Given("text", "Typed words."),),
    ),
    _admin("GET", "entries/counts", "Counts", "How many entries stand in which state.", Answer("By state.", _COUNT)),
    _admin(
        "POST",
        "entries",
        "CreateEntry",
        "A new draft.",
        Answer("Its first version.", EntryVersion),
        sends=entries.EntryToCreate,
    ),
    _admin(
        "GET",
        "entries/{entry_id}",
        "Entry",
        "One entry with what may be done to it.",
        Answer("All that its page shows.", entries.EntryFile),
        missing=_NO_ENTRY,
    ),
    _admin(
        "POST",
        "entries/{entry_id}",
        "SaveEntry",
        "A new version on top of the one that was opened.",
        Answer("It is saved.", Saved),
        sends=entries.EntryToSave,
        missing=_NO_ENTRY,
        refused="Somebody else has saved meanwhile: the merge of both, to be looked at and saved again.",
        clash=entries.Clash,
    ),
    _admin(
        "POST",
        "entries/{entry_id}/step",
        "Step",
        "Review, publish, send back, withdraw, delete.",
        Answer("The version that this made.", EntryVersion),
        sends=entries.StepToTake,
        missing=_NO_ENTRY,
        refused=_NEWER,
    ),
    _admin(
        "POST",
        "entries/{entry_id}/restore",
        "Restore",
        "An older version as the newest.",
        Answer("The version that this made.", EntryVersion),
        sends=entries.VersionToRestore,
        missing=_NO_ENTRY,
        refused=_NEWER,
    ),
    _admin(
        "POST",
        "entries/{entry_id}/report",
        "Report",
        "'This is wrong': a task for the owner.",
        Answer("The task.", Task),
        sends=entries.NoteSent,
        missing=_NO_ENTRY,
    ),
    _admin(
        "GET",
        "entries/{entry_id}/versions",
        "Versions",
        "All versions, newest first.",
        Answer("The versions.", list[EntryVersion]),
        missing=_NO_ENTRY,
    ),
    _admin(
        "GET",
        "entries/{entry_id}/versions/{version}",
        "Version",
        "One version.",
        Answer("The version.", EntryVersion),
        missing=_NO_ENTRY,
    ),
    _admin(
        "GET",
        "entries/{entry_id}/diff",
        "Diff",
        "What changed from one version to another.",
        Answer("Field by field.", tuple[FieldChange, ...]),
        query=(_number("a", "From this version.", 1), _number("b", "To this one.", 1)),
        missing=_NO_ENTRY,
    ),
    _admin(
        "POST",
        "preview",
        "Preview",
        "Markdown as agents see it.",
        Answer("A tree of harmless tags.", entries.Shown),
        sends=entries.ToShow,
    ),
    _admin(
        "POST",
        "measure",
        "Measure",
        "How long a text message is.",
        Answer("As carriers count it.", TextSize),
        sends=entries.TextToMeasure,
    ),
    _admin(
        "POST",
        "attachments",
        "Attach",
        "Keep a file of at most 20 MB.",
        Answer("What an entry names it by.", Attachment),
        query=(_NAME,),
        uploads="application/octet-stream",
    ),
    _admin(
        "GET",
        "attachments/{attachment_id}",
        "Attachment",
        "A file of an entry, to be saved.",
        Answer("The file.", content="*/*"),
        query=(_NAME,),
        missing="It is no longer kept.",
    ),
    *(
        route
        for kind, one, record, given in (
            ("departments", "Department", Department, structure.DepartmentSent),
            ("people", "Person", Person, structure.PersonSent),
            ("categories", "Category", Category, structure.CategorySent),
        )
        for route in (
            _admin(
                "POST",
                kind,
                f"Put{one}",
                f"Write a {one.lower()}; all entries follow.",
                Answer("As it is kept.", record),
                sends=given,
                missing="What it names is not there.",
            ),
            _admin(
                "POST",
                f"{kind}/{{id}}/drop",
                f"Drop{one}",
                f"Delete a {one.lower()}.",
                sends=structure.Dropped,
                missing="It is not there, or the heir is not.",
                refused=_IN_USE,
            ),
        )
    ),
    _admin(
        "GET",
        "tasks",
        "Tasks",
        "What is to be done about entries; for an owner, her department's.",
        Answer("Newest first.", work.TasksPage),
        query=(Given("state", "Which.", {"type": "string", "enum": list(work.TASK_STATES)}), _BEFORE, _LIMIT),
    ),
    *(
        _admin(
            "POST",
            f"tasks/{{task_id}}/{deed}",
            name,
            summary,
            Answer("The task.", Task),
            sends=work.TaskAnswer,
            missing="There is no such task.",
            refused=_TAKEN,
        )
        for deed, name, summary in (
            ("done", "TaskDone", "It is corrected."),
            ("refuse", "TaskRefused", "Nothing is to be corrected."),
        )
    ),
    _admin(
        "GET",
        "due",
        "Due",
        "What is overdue or expires soon.",
        Answer("Both lists.", work.DueLists),
        query=(_number("days", "Within so many days.", 1, 30),),
    ),
    _admin(
        "GET",
        "usage",
        "Usage",
        "Most used and never used entries.",
        Answer("Both lists.", work.UsageLists),
        query=(_number("days", "Of the last days.", 1, 90),),
    ),
    _admin(
        "GET",
        "gaps",
        "Gaps",
        "What callers asked and no card answered.",
        Answer("In groups, the largest first.", work.GapsPage),
        query=(Given("state", "Which.", {"type": "string", "enum": list(work.GAP_STATES)}),),
    ),
    _admin(
        "POST",
        "gaps",
        "SettleGaps",
        "A group is dealt with.",
        sends=work.GapsSettled,
        missing="No such entry covers it.",
    ),
    _admin(
        "POST",
        "imports",
        "Upload",
        "A table that is to be imported: CSV, XLSX or JSON, at most 256 MB.",
        Answer("What it seems to hold.", imports.Uploaded),
        query=(_NAME,),
        uploads="application/octet-stream",
    ),
    _admin("GET", "imports", "Imports", "Earlier imports.", Answer("Newest first.", list[ImportJob])),
    _admin(
        "POST",
        "imports/{upload_id}/preview",
        "ImportPreview",
        "Its first rows as they would come in.",
        Answer("The rows.", Preview),
        sends=imports.HowToRead,
        missing="The file is no longer kept: upload it again.",
    ),
    _admin(
        "POST",
        "imports/{upload_id}/start",
        "StartImport",
        "Import it, or try.",
        Answer("It runs.", RunStarted),
        sends=imports.HowToImport,
        missing="The file is no longer kept: upload it again.",
        refused="Another import is running.",
    ),
    _admin("GET", "runs/{run_id}", "ImportRun", "How far an import is.", Answer("So far.", ImportRun), missing=_NO_RUN),
    _admin("POST", "runs/{run_id}/stop", "StopImport", "Stop after the batch in hand.", missing=_NO_RUN),
    _admin(
        "GET",
        "runs/{run_id}/report",
        "ImportReport",
        "What came of it.",
        Answer("The first lines of each list.", imports.ShortReport),
        missing=_NO_RUN,
    ),
    _admin(
        "GET",
        "runs/{run_id}/report.csv",
        "ImportReportFile",
        "Every rejected row and remark.",
        Answer("A table.", content="text/csv"),
        missing=_NO_RUN,
    ),
    _admin(
        "GET",
        "export",
        "Export",
        "All published entries; the file imports again.",
        Answer("The file.", content="*/*"),
        query=(Given("format", "Which.", {"type": "string", "enum": list(imports.FORMATS), "default": "csv"}),),
    ),
    _admin(
        "POST",
        "try",
        "Try",
        "What the assistant makes of a sentence, and why.",
        Answer("Its cards.", Tried),
        sends=words.SentenceTried,
    ),
    _admin("GET", "synonyms", "Synonyms", "Words of citizens.", Answer("All.", list[Synonym])),
    _admin(
        "POST",
        "synonyms",
        "PutSynonym",
        "Write one.",
        Answer("As it is kept.", Synonym),
        sends=words.SynonymSent,
        missing="It is no longer there.",
    ),
    _admin("POST", "synonyms/drop", "DropSynonym", "Forget one.", sends=words.SynonymDropped),
    _admin("GET", "learning", "Learning", "What use has taught.", Answer("The strongest first.", list[LearntEntry])),
    _admin(
        "POST",
        "learning/forget",
        "ForgetLearnt",
        "Forget it, of one entry or of all.",
        Answer("How much went.", words.Forgotten),
        sends=words.Forgetting,
    ),
    _admin(
        "GET",
        "learning/report",
        "LearningReport",
        "Hits before and after learning; takes seconds.",
        Answer("Measured on later calls.", AbReport),
    ),
    _admin("GET", "rules", "Rules", "Reminders: shipped and the city's own.", Answer("Both.", rules.RulesFile)),
    _admin(
        "POST",
        "rules",
        "SaveRules",
        "The city's own rules, whole.",
        Answer("As they are now.", rules.RulesFile),
        sends=rules.RulesToSave,
        refused=_NEWER,
    ),
    _admin(
        "POST",
        "rules/try",
        "TryRules",
        "What a sentence does to the rules.",
        Answer("Every rule.", list[rules.RuleTried]),
        sends=rules.SentenceToTry,
    ),
    _admin("GET", "alerts", "Alerts", "Words that alert.", Answer("All of it.", rules.AlertsFile)),
    _admin(
        "POST",
        "alerts",
        "SaveAlerts",
        "The city's own words, whole.",
        Answer("As they are now.", rules.AlertsFile),
        sends=rules.AlertsToSave,
        refused=_NEWER,
    ),
    _admin(
        "POST",
        "alerts/try",
        "TryAlerts",
        "What is found in a sentence.",
        Answer("Findings.", list[rules.FindingTried]),
        sends=rules.SentenceToTry,
    ),
    _admin(
        "POST",
        "alerts/forget",
        "ForgetFalseAlarms",
        "Forget what false alarms taught.",
        sends=rules.LessonsToForget,
        refused=_NEWER,
    ),
    _admin(
        "GET",
        "documents/{name}",
        "DocumentVersions",
        "Versions of a list: reminder_rules or alert_words.",
        Answer("Newest first.", list[Document]),
        missing="There is no such list that she may see.",
    ),
    _admin(
        "GET",
        "documents/{name}/{version}",
        "Document",
        "One version of a list.",
        Answer("The version.", Document),
        missing="There is no such list that she may see, or no such version.",
    ),
    _admin(
        "GET",
        "issues",
        "Issues",
        "What the issue radar saw.",
        Answer("Newest first.", radar.IssuesPage),
        query=(_BEFORE, _LIMIT),
    ),
    _admin(
        "POST",
        "issues/{issue_id}/seen",
        "IssueSeen",
        "A supervisor takes note.",
        missing="It is over, or there is none.",
    ),
)
