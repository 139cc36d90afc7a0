"""The caller's page's addresses (``ars.phone.routes``)."""

from __future__ import annotations

from typing import Final, Literal

from ars import messages
from ars.model import LANGUAGES
from server.api.routes import Answer, Given, Route

_MESSAGES: Final = list[messages.NodeMessage]
_HTML: Final = "text/html"
_NO: Final = list[messages.Refused]
_LINK_FAULTS: Final = {
    403: Answer("The link belongs to another browser, or this did not come from our own page.", _NO, _HTML),
    404: Answer("No link of ours.", _NO, _HTML),
    410: Answer("The visit is over.", _NO, _HTML),
    429: Answer("Too many unknown links from here, or too much at once: Retry-After says how long.", _NO, _HTML),
    503: Answer("It cannot be done just now.", _NO, _HTML),
}
_FORM_FAULTS: Final = {
    400: Answer("Not a form.", _NO, _HTML),
    413: Answer("More than a form may hold.", _NO, _HTML),
}
_BACK: Final = Answer("Back to the page (without JavaScript).")
_NUMBER: Final = {"_number": "Number of the screen that it stood on."}


def _of_link(
    method: Literal["GET", "POST"],
    path: str,
    name: str,
    summary: str,
    answers: dict[int, Answer],
    *,
    query: tuple[Given, ...] = (),
    form: dict[str, str] | None = None,
    files: bool = False,
    uploads: str = "",
) -> Route:
    """An address of one visit, with the answers that all of them have."""
    faults = {**_LINK_FAULTS, **(_FORM_FAULTS if form is not None else {})}
    return Route(
        method=method,
        path=f"/v/{{token}}{path}",
        id=name,
        summary=summary,
        tag="phone",
        needs="link",
        query=query,
        form=form or {},
        files=files,
        uploads=uploads,
        answers=dict(sorted({**answers, **faults}.items())),
    )


def _post(path: str, name: str, summary: str, form: dict[str, str], *, files: bool = False) -> Route:
    """A form of the page: answered by messages for the page's script, else by the way back."""
    answers = {200: Answer("What follows from it, in order.", _MESSAGES), 303: _BACK}
    if files:
        answers[422] = Answer("The form again: something is wrong with its pictures.", content=_HTML)
    return _of_link("POST", path, name, summary, answers, form=form, files=files)


PHONE: Final = (
    Route(
        method="GET",
        path="/v/",
        id="entryPage",
        summary="Where one begins who comes by QR code or address.",
        tag="phone",
        query=(Given("language", "The page's language.", {"type": "string", "enum": list(LANGUAGES)}),),
        answers={200: Answer("The page.", content=_HTML)},
    ),
    Route(
        method="POST",
        path="/v/",
        id="beginVisit",
        summary="Begin a visit of one's own, before any call.",
        tag="phone",
        form={"_language": "The visit's language.", "_go": "'code' = show the six digits for the telephone at once."},
        answers={
            303: Answer("To the visit's page; the link is bound to this browser."),
            **_FORM_FAULTS,
            403: Answer("Not from our own page (Origin).", _NO, _HTML),
            429: Answer("Too many visits were begun from here.", _NO, _HTML),
            503: Answer("Too many visits at a time.", _NO, _HTML),
        },
    ),
    Route(
        method="POST",
        path="/v/look",
        id="changeLook",
        summary="Larger type, more contrast, without JavaScript.",
        tag="phone",
        form={"_look": "'large' or 'contrast': on, or off again.", "_back": "The page to go back to."},
        answers={
            303: Answer("Back; the cookie keeps it."),
            **_FORM_FAULTS,
            403: Answer("Not from our own page (Origin).", _NO, _HTML),
        },
    ),
    Route(
        method="GET",
        path="/v/static/{file}",
        id="phoneFile",
        summary="A file of the caller's page; its name changes with its content.",
        tag="phone",
        answers={200: Answer("The file.", content="*/*"), 404: Answer("No such file.", _NO, _HTML)},
    ),
    _of_link(
        "GET",
        "",
        "visitPage",
        "The page with the screen of this moment. Looks at the link and never binds it.",
        {200: Answer("The page; for the page's script its screen and status line.", _MESSAGES, _HTML)},
    ),
    _of_link(
        "GET",
        "/ws",
        "visitSocket",
        "The page's WebSocket: see the AsyncAPI document.",
        {101: Answer("A WebSocket. A link that opens nothing: it is closed at once with 4410.")},
    ),
    _of_link(
        "GET",
        "/events",
        "visitEvents",
        "The node's messages as server-sent events, where no WebSocket is let through: see the AsyncAPI document.",
        {200: Answer("The stream.", content="text/event-stream")},
    ),
    _of_link(
        "GET",
        "/search",
        "searchPage",
        "The page with answers of the consultation database.",
        {200: Answer("The page.", _MESSAGES, _HTML)},
        query=(Given("q", "Typed words; beyond 100 characters nothing is read."),),
    ),
    _of_link(
        "GET",
        "/contact.vcf",
        "visitContact",
        "The contact of the screen that is shown, for the phone's address book.",
        {200: Answer("A vCard (RFC 2426).", content="text/vcard")},
    ),
    _of_link(
        "GET",
        "/map.svg",
        "visitMap",
        "The drawn map of a place of the visit's menu.",
        {200: Answer("The picture.", content="image/svg+xml")},
        query=(Given("place", "The place's id in the menu."),),
    ),
    _post(
        "/tap",
        "tap",
        "Press a button: what a key of the telephone would do.",
        {**_NUMBER, "_choice": "A digit, 0 # *, or a screen of ours like '@captions'."},
    ),
    _post("/form", "sendForm", "Send the screen's form: its fields by their ids.", _NUMBER, files=True),
    _post(
        "/write",
        "write",
        "Write to the agent (captioned call).",
        {"_text": "What she reads.", "_mark": "The page's own mark, comes back."},
    ),
    _post("/extend", "moreTime", "More time, please.", {}),
    _post("/search", "search", "Search the consultation database, for the page's script.", {"q": "Typed words."}),
    _of_link(
        "POST",
        "/photo",
        "sendPhoto",
        "Send a picture for a field of the form: the file itself is the body, up to 10 MiB.",
        {
            200: Answer("It was taken in.", list[messages.Photo]),
            422: Answer("It was not, and why.", list[messages.Refused]),
        },
        query=(
            Given("field", "The form's field."),
            Given("place", "1 = the caller consents that the place in the file is read.", {"type": "string"}),
        ),
        uploads="image/*",
    ),
)
