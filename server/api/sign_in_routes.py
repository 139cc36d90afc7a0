"""The addresses of the sign-in, of one's own account, and of accounts as administrators have them."""

from __future__ import annotations

from typing import Any, Final, Literal

from core.web.door import DoorFault
from server import accounts_routes as office
from server.api.routes import Answer, Given, Route
from server.signing_in import own_pages as own
from server.signing_in.forms import AccountForm
from server.signing_in.seen import SessionSeen

_NEXT: Final = Given("next", "Where to go after the sign-in: a path of ours.")
_LANG: Final = Given("lang", "Keep this language, and come back.", {"type": "string", "enum": ["ko", "en"]})
_ON: Final = Answer("On: to the next question, or in, with the cookie.")
_AGAIN: Final = Answer("The page again, with the reason.", content="text/html")
_WAIT: Final = Answer("Too many wrong tries: Retry-After says how long to wait.", content="text/html")
_FOREIGN: Final = Answer("Not from our own page (Origin).", content="text/plain")
_NOT_YET: Final = Answer("She has not come so far: to where she stands.")


def _page(path: str, name: str, summary: str, *, query: tuple[Given, ...] = (_LANG,), step: bool = True) -> Route:
    answers = {200: Answer("The page.", content="text/html"), 302: Answer("The language was kept.")}
    return Route(
        method="GET",
        path=path,
        id=name,
        summary=summary,
        tag="sign-in",
        query=query,
        answers={**answers, **({303: _NOT_YET} if step else {})},
    )


def _form(path: str, name: str, summary: str, form: dict[str, str], **more: Answer) -> Route:
    answers = {303: _ON, 403: _FOREIGN, **{int(code.removeprefix("of")): answer for code, answer in more.items()}}
    return Route(
        method="POST",
        path=path,
        id=name,
        summary=summary,
        tag="sign-in",
        form=form,
        answers=dict(sorted(answers.items())),
    )


_FIRST: Final = (
    _page("/signin", "signInPage", "The sign-in's page.", query=(_NEXT, _LANG), step=False),
    _form(
        "/signin",
        "signIn",
        "Sign in by a password.",
        {
            "id": "The sign-in name.",
            "password": "Her password.",
            "extension": "The telephone at which she sits; empty = her own. Only where agents choose it (sip.phone).",
            "next": "Where to go then.",
        },
        of401=_AGAIN,
        of409=Answer("The page again: she cannot sit at that telephone.", content="text/html"),
        of429=_WAIT,
    ),
    _page(
        "/signin/invitation",
        "invitationPage",
        "For a first password.",
        query=(Given("id", "Sign-in name."), _LANG),
        step=False,
    ),
    _form(
        "/signin/invitation",
        "signInByInvitation",
        "Show the one-time code that an administrator gave.",
        {"id": "The sign-in name.", "code": "The one-time code."},
        of401=_AGAIN,
        of429=_WAIT,
    ),
    _page("/signin/code", "codePage", "Asks for the second factor."),
    _form(
        "/signin/code",
        "signInCode",
        "Show a code of the second factor.",
        {"code": "Six digits of the app, or a recovery code."},
        of401=_AGAIN,
        of429=_WAIT,
    ),
    _page("/signin/password", "newPasswordPage", "Asks for a new password."),
    _form(
        "/signin/password",
        "signInNewPassword",
        "Set a password.",
        {"password": "The new one.", "again": "Once more."},
        of400=_AGAIN,
    ),
    _page("/signin/second", "secondFactorPage", "Sets up the second factor."),
    Route(
        method="GET",
        path="/signin/second/qr.svg",
        id="secondFactorPicture",
        summary="The secret of the second factor that is being set up, as a QR code.",
        tag="sign-in",
        answers={200: Answer("The picture.", content="image/svg+xml"), 303: _NOT_YET},
    ),
    _form(
        "/signin/second",
        "signInSecondFactor",
        "Show that the app has the secret.",
        {"code": "Six digits of the app."},
        of200=Answer("Signed in; the recovery codes, shown this once.", content="text/html"),
        of400=_AGAIN,
    ),
    Route(
        method="POST",
        path="/signout",
        id="signOut",
        summary="Sign out.",
        tag="sign-in",
        answers={
            200: Answer("Signed out here; a page that goes on to the identity provider.", content="text/html"),
            303: Answer("Signed out: the cookie is taken away."),
            403: _FOREIGN,
        },
    ),
    Route(
        method="GET",
        path="/signin/wallboard",
        id="wallboardSignIn",
        summary="A big screen's token becomes its cookie.",
        tag="sign-in",
        query=(Given("token", "A token with the scope 'wallboard'."), _NEXT),
        answers={
            303: Answer("Taken: on to the board."),
            401: Answer("It is of no use, in words.", content="text/html"),
        },
    ),
    Route(
        method="GET",
        path="/signin/oidc",
        id="providerSignIn",
        summary="Off to the city's identity provider.",
        tag="sign-in",
        query=(_NEXT, Given("extension", "The telephone at which she sits."), _LANG),
        answers={
            302: Answer("To the provider."),
            503: Answer("The provider does not answer, in words.", content="text/html"),
        },
    ),
    Route(
        method="GET",
        path="/signin/oidc/return",
        id="providerReturn",
        summary="Back from the identity provider.",
        tag="sign-in",
        query=(
            Given("code", "The authorization code."),
            Given("state", "What we have sent along."),
            Given("iss", "Whose answer it is (RFC 9207)."),
            Given("error", "Why there is no code."),
        ),
        answers={
            303: Answer("Signed in: the cookie is set."),
            403: Answer("Refused, in words.", content="text/html"),
            503: Answer("The provider does not answer, in words.", content="text/html"),
        },
    ),
    Route(
        method="POST",
        path="/signin/oidc/ended",
        id="providerLogout",
        summary="The identity provider ends sessions (OpenID Connect Back-Channel Logout).",
        tag="sign-in",
        form={"logout_token": "A JWT that the provider has signed."},
        answers={
            200: Answer("They are over."),
            400: Answer("The token is not good.", {"type": "object"}),
            503: Answer("The provider's keys cannot be had.", {"type": "object"}),
        },
    ),
)


def _api(
    method: Literal["GET", "POST"],
    path: str,
    name: str,
    summary: str,
    answer: Answer | None = None,
    *,
    tag: str,
    sends: Any = None,
    query: tuple[Given, ...] = (),
    refused: str = "",
    missing: str = "",
) -> Route:
    answers = {
        **({200: answer} if answer else {204: Answer("Done.")}),
        401: Answer("Not signed in, or no longer.", DoorFault),
        403: Answer("Her roles do not allow it, or the request is not from our own page (Origin).", DoorFault),
        503: Answer("The database is away.", DoorFault),
    }
    if sends is not None:
        answers[400] = Answer("What was sent cannot be taken; in words, and by field ('faults').", DoorFault)
    if missing:
        answers[404] = Answer(missing, DoorFault)
    if refused:
        answers[409] = Answer(refused, DoorFault)
    return Route(
        method=method,
        path=path,
        id=name,
        summary=summary,
        tag=tag,
        needs="agent",
        sends=sends,
        query=query,
        answers=dict(sorted(answers.items())),
    )


def _own(method: Literal["GET", "POST"], path: str, *rest: Any, **more: Any) -> Route:
    return _api(method, f"/account/api/{path}", *rest, tag="own account", **more)


def _admin(method: Literal["GET", "POST"], path: str, *rest: Any, **more: Any) -> Route:
    return _api(method, f"/records/api/{path}", *rest, tag="accounts", **more)


_OWN: Final = (
    Route(
        method="GET",
        path="/account",
        id="accountPage",
        summary="One's own account.",
        tag="own account",
        answers={200: Answer("The page.", content="text/html"), 302: Answer("Not signed in: to the sign-in.")},
    ),
    _own("GET", "me", "accountMe", "Her account.", Answer("It.", own.Own)),
    _own("POST", "password", "accountPassword", "Change the password; other sessions end.", sends=own.PasswordForm),
    _own(
        "POST",
        "second",
        "accountSecondBegin",
        "Begin to set up the second factor.",
        Answer("What goes into the app.", own.SecondBegun),
        refused="It is set up already.",
    ),
    _own(
        "GET",
        "second/qr.svg",
        "accountSecondPicture",
        "The secret as a QR code.",
        Answer("The picture.", content="image/svg+xml"),
        refused="Nothing was begun.",
    ),
    _own(
        "POST",
        "second/confirm",
        "accountSecondConfirm",
        "Show that the app has the secret.",
        Answer("Recovery codes, shown this once.", own.Recovery),
        sends=own.CodeForm,
    ),
    _own(
        "POST",
        "second/recovery",
        "accountRecovery",
        "New recovery codes.",
        Answer("Shown this once.", own.Recovery),
        sends=own.PasswordForm,
    ),
    _own(
        "POST",
        "second/drop",
        "accountSecondDrop",
        "Take the second factor down.",
        sends=own.PasswordForm,
        refused="Her role needs one.",
    ),
    _own("GET", "sessions", "accountSessions", "Where she is signed in.", Answer("Newest first.", list[SessionSeen])),
    _own(
        "POST",
        "sessions/revoke",
        "accountRevoke",
        "End one of them, or all but this one.",
        sends=own.SessionId,
        refused="It is over already.",
    ),
)

_NOBODY: Final = "There is no such account, or it is the configuration file's, or one's own."

_ACCOUNTS: Final = (
    _admin("GET", "accounts", "accountsList", "Everybody.", Answer("All.", office.AccountList)),
    _admin(
        "POST",
        "accounts",
        "accountsAdd",
        "A new account.",
        Answer("The code with which she sets her password.", office.Invited),
        sends=AccountForm,
    ),
    _admin("POST", "accounts/{account_id}", "accountsChange", "Change it.", sends=AccountForm, refused=_NOBODY),
    _admin(
        "POST",
        "accounts/{account_id}/{step}",
        "accountsStep",
        "Stop, lock, invite and the like.",
        Answer("After 'invite': the one-time code; else 204.", office.Invited),
        refused=_NOBODY,
    ),
    _admin(
        "POST",
        "accounts/{account_id}/revoke",
        "accountsRevoke",
        "End all of its sessions.",
        Answer("How many there were.", office.Revoked),
        refused=_NOBODY,
    ),
    _admin(
        "GET",
        "sessions",
        "sessionsList",
        "Who is signed in.",
        Answer("Newest first.", office.SessionList),
        query=(Given("account", "Of this account alone."),),
    ),
    _admin("POST", "sessions/{session_id}/revoke", "sessionsRevoke", "End it at once.", refused="It is over already."),
    _admin("GET", "tokens", "tokensList", "Tokens of programs.", Answer("By name.", office.TokenList)),
    _admin(
        "POST",
        "tokens",
        "tokensMake",
        "A new token.",
        Answer("Shown this once.", office.TokenMade),
        sends=office.TokenForm,
        refused="The name is taken.",
    ),
    _admin("POST", "tokens/drop", "tokensRevoke", "Revoke it.", sends=office.TokenName, refused="There is none."),
)

SIGN_IN: Final = (*_FIRST, *_OWN, *_ACCOUNTS)
