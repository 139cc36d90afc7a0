"""``minwon accounts ...`` and ``minwon token ...``: who may sign in, also for the day on which nobody can.

They work on the database; a running node hears of it within a second.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from core.store.accounts import SCOPES
from server.cli_options import AsJson, ConfigFile, by_whom, put, settings_of, store_of

if TYPE_CHECKING:
    from server.signing_in.accounts import Accounts

accounts = typer.Typer(no_args_is_help=True, help="Who may sign in.")
token = typer.Typer(no_args_is_help=True, help="Tokens of programs and big screens.")

AccountId = Annotated[str, typer.Argument(metavar="ID", help="Sign-in name.")]
T = TypeVar("T")


@asynccontextmanager
async def _opened(config: Path | None) -> AsyncIterator[Accounts]:
    from core.master_keys import keyring_or_none
    from server.signing_in.accounts import Accounts
    from server.signing_in.auth import Auth
    from server.signing_in.book import Book
    from server.signing_in.directory import Directory
    from server.signing_in.programs import Programs
    from server.signing_in.second import Second

    settings = settings_of(config)
    async with store_of(settings) as (store, home):
        directory = Directory(store.accounts, settings.agents)
        session = timedelta(hours=settings.web.session_hours)
        book = Book(store.accounts, longest=session, idle=timedelta(minutes=settings.sign_in.idle_minutes))
        auth = Auth(directory, book, Programs(store.accounts), store.audit)
        await auth.open()
        second = Second(directory, keyring_or_none(settings.keys, home), store.audit)
        yield Accounts(auth, second, settings.sign_in)


def _do(config: Path | None, work: Callable[[Accounts], Awaitable[T]]) -> T:
    async def run() -> T:
        async with _opened(config) as opened:
            return await work(opened)

    return asyncio.run(run())


@accounts.command("list")
def list_accounts(config: ConfigFile = None, json: AsJson = False) -> None:
    """Everybody: those of the configuration file and those of the database."""

    async def seen(opened: Accounts) -> list[dict[str, object]]:
        found = []
        for account in opened.directory.accounts():
            hers = opened.directory.credentials(account.id)
            found.append(
                {
                    "id": account.id,
                    "name": account.name,
                    "from": account.origin,
                    "roles": account.roles,
                    "team": account.team,
                    "state": "disabled" if account.disabled else "locked" if hers.locked else "open",
                    "password": bool(opened.directory.password_hash(account.id)),
                    "second_factor": bool(hers.totp_sealed),
                    "sessions": len(opened.sessions(account.id)),
                }
            )
        return found

    for row in _do(config, seen):
        if json:
            put(row)
        else:
            roles = ", ".join(row["roles"])  # type: ignore[arg-type]
            means = [word for word, has in (("password", row["password"]), ("code", row["second_factor"])) if has]
            shown = f"{row['id']:<20} {row['from']:<5} {row['state']:<9} {' + '.join(means) or 'no password':<16}"
            print(f"{shown} {roles}  {row['name']}{'  ' + str(row['team']) if row['team'] else ''}")


@accounts.command("add")
def add_account(
    account_id: AccountId,
    name: Annotated[str, typer.Option("--name", help="As callers may hear it.")],
    role: Annotated[list[str] | None, typer.Option("--role", help="agent, editor, owner, supervisor, admin.")] = None,
    team: Annotated[str, typer.Option("--team")] = "",
    department: Annotated[str, typer.Option("--department")] = "",
    extension: Annotated[str, typer.Option("--extension")] = "",
    uri: Annotated[str, typer.Option("--uri", help="SIP address of her own telephone.")] = "",
    config: ConfigFile = None,
) -> None:
    """A new account. Prints the one-time code with which she sets her password."""
    import msgspec

    from core.errors import BadInput
    from server.signing_in.forms import AccountForm

    fields = {
        "id": account_id, "name": name, "roles": tuple(role or ["agent"]), "team": team,
        "department": department, "extension": extension, "uri": uri,
    }  # fmt: skip
    try:
        form = msgspec.convert(fields, AccountForm)
    except msgspec.ValidationError as wrong:
        raise BadInput(f"{wrong}: roles are agent, editor, owner, supervisor, admin") from wrong
    print(_do(config, lambda opened: opened.add(form, by_whom())))


@accounts.command("invite")
def invite(account_id: AccountId, config: ConfigFile = None) -> None:
    """Print a one-time code with which she sets a new password at /signin/invitation."""
    print(_do(config, lambda opened: opened.invite(account_id, by_whom())))


@accounts.command("password")
def set_password(account_id: AccountId, config: ConfigFile = None) -> None:
    """Set her password, asked for here or read from stdin. Her sessions end."""
    from server.signing_in.password_rules import require_good

    secret = (
        typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        if sys.stdin.isatty()
        else sys.stdin.readline().rstrip("\n")
    )

    async def work(opened: Accounts) -> None:
        account = opened.directory.known(account_id)
        require_good(secret, account_id=account.id, name=account.name, shortest=opened.config.password_length)
        await opened.set_password(account_id, secret, by_whom())

    _do(config, work)


@accounts.command("disable")
def disable(
    account_id: AccountId,
    config: ConfigFile = None,
    enable: Annotated[bool, typer.Option("--undo", help="She may sign in again.")] = False,
) -> None:
    """She cannot sign in and gets no more calls; her sessions end, a call of hers goes on."""
    _do(config, lambda opened: opened.disable(account_id, not enable, by_whom()))


@accounts.command("unlock")
def unlock(account_id: AccountId, config: ConfigFile = None) -> None:
    """Neither an administrator's lock nor wrong passwords hold her up any longer."""
    _do(config, lambda opened: opened.unlock(account_id, by_whom()))


@accounts.command("totp-reset")
def reset_second(account_id: AccountId, config: ConfigFile = None) -> None:
    """Her second factor and its recovery codes are gone; her sessions end."""
    _do(config, lambda opened: opened.reset_second(account_id, by_whom()))


@token.command("list")
def list_tokens(config: ConfigFile = None, json: AsJson = False) -> None:
    """The tokens that there are; never the tokens themselves."""

    async def seen(opened: Accounts) -> list[dict[str, object]]:
        return [
            {"name": t.name, "scopes": t.scopes, "by": t.by, "made": t.made, "ends": t.ends, "used": t.used}
            for t in opened.auth.programs.all()
        ]

    for row in _do(config, seen):
        if json:
            put(row)
        else:
            used = f"used {row['used']:%Y-%m-%d}" if row["used"] else "never used"
            ends = f"until {row['ends']:%Y-%m-%d}" if row["ends"] else "until revoked"
            print(f"{row['name']:<24} {ends:<16} {used:<16} {' '.join(row['scopes'])}")  # type: ignore[arg-type]


@token.command("make")
def make_token(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Which program.")],
    scope: Annotated[list[str], typer.Option("--scope", help=", ".join(SCOPES))],
    days: Annotated[int | None, typer.Option("--days", min=1, max=3650, help="Good for so long.")] = None,
    config: ConfigFile = None,
) -> None:
    """Print a new token; it is shown this once."""
    from core.errors import BadInput

    if unknown := [each for each in scope if each not in SCOPES]:
        raise BadInput(f"no such scope: {', '.join(unknown)}; there are {', '.join(SCOPES)}")
    print(_do(config, lambda opened: opened.make_token(name, scope, days=days, by=by_whom())))


@token.command("revoke")
def revoke_token(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Which program.")], config: ConfigFile = None
) -> None:
    """It is of no use from now on."""
    _do(config, lambda opened: opened.revoke_token(name, by_whom()))
