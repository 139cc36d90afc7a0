"""The desk's addresses (``agent_assist.desk``)."""

from __future__ import annotations

from typing import Any, Final, Literal

from agent_assist import (
    desk_assist,
    desk_language,
    desk_messages,
    desk_recording,
    desk_texts,
    desk_transfers,
    desk_visits,
)
from server.api.routes import Answer, Given, Route

_FAULT = desk_messages.Fault
_BEFORE = Given("before", "Page on: only what is older than this moment.", {"type": "string", "format": "date-time"})
_LIMIT = Given("limit", "At most so many.", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50})
_MINE = Given("mine", "1 = only the agent's own.", {"type": "string", "enum": ["0", "1"], "default": "0"})
_DONE: Final = {204: Answer("Done.")}


def _desk(
    method: Literal["GET", "POST"],
    path: str,
    name: str,
    summary: str,
    answers: dict[int, Answer],
    *,
    query: tuple[Given, ...] = (),
    sends: Any = None,
    refused: str = "",
    missing: str = "",
    supervisors: bool = False,
) -> Route:
    """A JSON address of the desk, with the answers that all of them have."""
    all_answers = {**answers, 401: Answer("Not signed in, or no longer.", _FAULT)}
    if query or sends is not None:
        all_answers[400] = Answer("What was sent cannot be read; the message shows how it should be.", _FAULT)
    if method == "POST":
        all_answers[403] = Answer("Not from our own page (Origin).", content="text/plain")
    if supervisors:
        all_answers[403] = Answer("She is no supervisor (or, as plain text: not from our own page).", _FAULT)
    if missing:
        all_answers[404] = Answer(missing, _FAULT)
    if refused:
        all_answers[409] = Answer(refused, _FAULT)
    all_answers[503] = Answer("Something that is needed is away: the database, a gateway.", _FAULT)
    return Route(
        method=method,
        path=f"/desk/api/{path}",
        id=name,
        summary=summary,
        tag="desk",
        needs="agent",
        query=query,
        sends=sends,
        answers=dict(sorted(all_answers.items())),
    )


_NOT_HERS: Final = "It is not her running call, or it cannot be done now; the message says why."
_TEXT_REFUSED: Final = (
    f"{_NOT_HERS} `opted_out`, `quiet_hours`, `same_text` are questions: with `sure` it goes all the same. "
    "`not_a_mobile`, `sender_unknown`, and limits (`messages_...`) are final."
)
DESK: Final = (
    Route(
        method="GET",
        path="/",
        id="root",
        summary="To the desk.",
        tag="desk",
        answers={302: Answer("To /desk.")},
    ),
    Route(
        method="GET",
        path="/desk",
        id="deskPage",
        summary="The agent's desk.",
        tag="desk",
        answers={
            200: Answer("The page.", content="text/html"),
            302: Answer("Not signed in: to the sign-in."),
        },
    ),
    Route(
        method="GET",
        path="/desk/static/{path}",
        id="deskFile",
        summary="A file of the desk's page.",
        tag="desk",
        answers={200: Answer("The file.", content="*/*"), 404: Answer("No such file.", content="text/plain")},
    ),
    Route(
        method="GET",
        path="/desk/ws",
        id="deskSocket",
        summary="The desk's WebSocket: see the AsyncAPI document.",
        tag="desk",
        needs="agent",
        query=(
            Given("call", "The call of which the browser has events already."),
            Given("after", "The highest number of them.", {"type": "integer", "minimum": 0}),
        ),
        answers={
            101: Answer("A WebSocket. Not signed in: it is closed at once with 4401."),
            403: Answer("Not from our own page (Origin).", content="text/plain"),
        },
    ),
    _desk(
        "POST",
        "state",
        "chooseState",
        "Be ready for calls, away, or have (more) time to write.",
        _DONE,
        sends=desk_messages.ChooseState,
        refused="That state cannot be chosen now.",
    ),
    _desk(
        "POST",
        "notes/{note_id}/seen",
        "noteSeen",
        "She has seen a supervisor's note.",
        _DONE,
    ),
    _desk(
        "POST",
        "extension",
        "sit",
        "Sit at another telephone.",
        _DONE,
        sends=desk_transfers.Seat,
        refused="She has a call, a colleague talks there, or agents do not choose their telephone here.",
    ),
    _desk("POST", "calls/{call_id}/hangup", "hangUp", "End her call.", _DONE, refused=_NOT_HERS),
    _desk(
        "POST",
        "calls/{call_id}/hold",
        "hold",
        "Hold music for her caller, or no longer.",
        _DONE,
        sends=desk_messages.Switch,
        refused=_NOT_HERS,
    ),
    _desk(
        "POST",
        "calls/{call_id}/recording",
        "record",
        "Start, pause, resume or stop the recording of her call; a supervisor: of any call.",
        _DONE,
        sends=desk_recording.RecordingStep,
        refused="It is not her call, the rule of the house forbids it, or it cannot be recorded now.",
    ),
    _desk(
        "POST",
        "calls/{call_id}/language",
        "speaks",
        "What her caller speaks: heard so from now on, her last words too.",
        _DONE,
        sends=desk_language.ChooseLanguage,
        refused="It is not her call, or nobody has configured that language.",
    ),
    _desk(
        "GET",
        "targets",
        "targets",
        "To whom her caller may be passed on.",
        {200: Answer("Who was found, free colleagues first.", desk_transfers.TargetList)},
        query=(Given("q", "A name or its first consonants, or a number; nothing = colleagues and departments."),),
    ),
    _desk(
        "POST",
        "calls/{call_id}/transfer",
        "passOn",
        "Pass her caller on, at once or after asking; how it goes comes as TransferChanged.",
        _DONE,
        sends=desk_transfers.PassOn,
        refused="It is not her running call, nobody is there, the dial plan does not let it be called, the call would "
        "come back to where it is, or it is being passed on already.",
    ),
    _desk(
        "POST",
        "calls/{call_id}/transfer/step",
        "transferStep",
        "Go on with it: the caller to the other, all three, or the caller back.",
        _DONE,
        sends=desk_transfers.TransferStep,
        refused="It is not her transfer, or that is not possible now.",
    ),
    _desk(
        "GET",
        "search",
        "searchEntries",
        "Search the consultation database, or list what stands on a shelf.",
        {200: Answer("What was found.", desk_messages.FoundCards)},
        query=(
            Given("q", "Typed words; beyond 100 characters nothing is read.", {"type": "string"}),
            Given("category", "Only this category, a path with '>' between levels, and what is below it."),
            Given("department", "Only this department, by name."),
        ),
    ),
    _desk(
        "GET",
        "shelves",
        "shelves",
        "Where a search may be narrowed to.",
        {200: Answer("Categories and departments.", desk_assist.Shelves)},
    ),
    _desk(
        "GET",
        "entries/{entry_id}",
        "entry",
        "One entry of the consultation database.",
        {200: Answer("The entry, its text ready to be shown.", desk_messages.ReadEntry)},
        missing="It is no longer in the database.",
    ),
    _desk(
        "GET",
        "entries/{entry_id}/attachments/{attachment_id}",
        "attachment",
        "A file of an entry, to be saved.",
        {200: Answer("The file.", content="application/octet-stream")},
        missing="The entry has no such file, or it is no longer kept.",
    ),
    _desk(
        "POST",
        "entries/{entry_id}/wrong",
        "reportEntry",
        "'This is wrong': a task for the department's owner.",
        _DONE,
        sends=desk_assist.ReportEntry,
        refused="It is no longer in the database.",
    ),
    _desk(
        "POST",
        "calls/{call_id}/cards",
        "useCard",
        "What she did with a card.",
        _DONE,
        sends=desk_assist.UseCard,
        refused=_NOT_HERS,
    ),
    _desk(
        "GET",
        "procedures",
        "procedures",
        "What to do at each kind of alert.",
        {200: Answer("The procedures.", desk_messages.ProcedureList)},
    ),
    _desk(
        "POST",
        "calls/{call_id}/alerts/{alert_id}",
        "alertStep",
        "Take a step of the procedure, dismiss the alert or close it.",
        _DONE,
        sends=desk_assist.AlertStep,
        refused="It is not her running call, or the step is not possible now; the message says why.",
    ),
    _desk(
        "POST",
        "calls/{call_id}/reminders/{rule_id}/dismiss",
        "dismissReminder",
        "She knows what she is reminded of.",
        _DONE,
        refused=_NOT_HERS,
    ),
    _desk(
        "GET",
        "alerts",
        "alerts",
        "Open alerts of all running calls, for supervisors.",
        {200: Answer("The alerts.", desk_messages.AlertList)},
        supervisors=True,
    ),
    _desk(
        "GET",
        "issues",
        "issues",
        "What the issue radar saw, for supervisors.",
        {200: Answer("Issues, newest first.", desk_messages.IssueList)},
        query=(_LIMIT,),
        supervisors=True,
    ),
    _desk(
        "POST",
        "issues/{issue_id}/seen",
        "issueSeen",
        "A supervisor takes note of an issue.",
        _DONE,
        refused="There is no such issue.",
        supervisors=True,
    ),
    _desk(
        "GET",
        "calls",
        "calls",
        "The call history.",
        {200: Answer("Calls, newest first.", desk_messages.CallsPage)},
        query=(_MINE, Given("number", "Only calls of this number: digits."), _BEFORE, _LIMIT),
    ),
    _desk(
        "GET",
        "calls/{call_id}",
        "call",
        "One call with its events.",
        {200: Answer("The call.", desk_messages.CallFile)},
        missing="It is not in the history.",
    ),
    _desk(
        "GET",
        "calls/{call_id}/reach",
        "reach",
        "How the caller of her call can be reached beside the voice.",
        {200: Answer("What may be sent.", desk_visits.Reach)},
        refused=_NOT_HERS,
    ),
    _desk(
        "POST",
        "calls/{call_id}/push",
        "push",
        "Put a screen into the caller's hand.",
        _DONE,
        sends=desk_visits.Push,
        refused=_NOT_HERS,
    ),
    _desk("POST", "calls/{call_id}/link", "sendLink", "Send the link of the caller's page.", _DONE, refused=_NOT_HERS),
    _desk(
        "GET",
        "calls/{call_id}/text",
        "textOffer",
        "Templates, numbers and the entry's text version, to begin a text to the caller with.",
        {200: Answer("What there is.", desk_texts.TextOffer)},
        query=(Given("entry", "The open entry, '' = none.", {"type": "string", "default": ""}),),
        refused=_NOT_HERS,
    ),
    _desk(
        "POST",
        "calls/{call_id}/text",
        "sendText",
        "Send a text message to the caller. It waits for some seconds first, in which it may be taken back.",
        {200: Answer("It was taken; how far it is comes as MessageSent.", desk_texts.TextTaken)},
        sends=desk_texts.TextToSend,
        refused=_TEXT_REFUSED,
    ),
    _desk(
        "POST",
        "calls/{call_id}/number",
        "askNumber",
        "Ask the caller for a mobile number, by key or word; comes back as NumberAsked.",
        _DONE,
        sends=desk_texts.NumberWish,
        refused=f"{_NOT_HERS} `no_step`, `only_listening`.",
    ),
    _desk(
        "POST",
        "texts/{message_id}/back",
        "takeBackText",
        "Do not send a text that still waits.",
        _DONE,
        refused="`too_late`: it is on its way; `not_your_text`.",
    ),
    _desk(
        "POST",
        "texts/{message_id}/again",
        "sendTextAgain",
        "Send a text that failed once more.",
        {200: Answer("It was taken, as a text of its own.", desk_texts.TextTaken)},
        sends=desk_texts.TextAgain,
        refused=f"`no_message`, `not_failed`, `link_text`, `not_your_text`. {_TEXT_REFUSED}",
    ),
    _desk(
        "POST",
        "calls/{call_id}/read",
        "readTyped",
        "Have what the caller types spoken to her, or not.",
        _DONE,
        sends=desk_messages.Switch,
        refused=_NOT_HERS,
    ),
    _desk(
        "POST",
        "text_look",
        "lookAtText",
        "How a text would arrive: bytes, kind, signs that do not arrive as they were written, what keeps it back.",
        {200: Answer("As carriers count and carry it.", desk_texts.TextLook)},
        sends=desk_texts.TextToLook,
    ),
    _desk(
        "GET",
        "photos/{photo_id}",
        "photo",
        "A caller's picture.",
        {200: Answer("The picture.", content="image/jpeg")},
        query=(Given("preview", "1 = small.", {"type": "string", "enum": ["0", "1"], "default": "0"}),),
        missing="It is no longer kept.",
    ),
    _desk(
        "GET",
        "outbox",
        "outbox",
        "Text messages and how far they are.",
        {200: Answer("Messages, newest first.", desk_texts.OutboxPage)},
        query=(_MINE, _BEFORE, _LIMIT),
    ),
    _desk(
        "GET",
        "callbacks",
        "callbacks",
        "Callbacks that callers booked.",
        {200: Answer("Open ones in their order, closed ones newest first.", desk_visits.CallbackPage)},
        query=(_BEFORE, _LIMIT),
    ),
    _desk(
        "POST",
        "callbacks/{callback_id}/done",
        "callbackDone",
        "She called back herself.",
        _DONE,
        refused="It is closed already, or being called just now.",
    ),
    _desk(
        "POST",
        "callbacks/{callback_id}/cancel",
        "callbackCancel",
        "The callback is no longer wanted.",
        _DONE,
        refused="It is closed already, or being called just now.",
    ),
)
