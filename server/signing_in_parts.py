"""Everything of one node by which people and programs sign in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from aiohttp import web

from core.config import Config, OidcConfig
from core.errors import StoreFault
from core.keyring import Keyring
from core.log import get_logger
from core.store.contract import Store
from core.web.pages import Pages
from server.accounts_routes import accounts_room
from server.dispatcher import Dispatcher
from server.hot_desk import HotDesk
from server.signing_in.accounts import Accounts
from server.signing_in.auth import Auth
from server.signing_in.book import Book
from server.signing_in.directory import Directory
from server.signing_in.first_pages import FirstPages
from server.signing_in.halfway import Halfway
from server.signing_in.own_pages import OwnPages
from server.signing_in.programs import Programs
from server.signing_in.second import Second
from server.signing_in.step_pages import StepPages
from server.staff import Staff

if TYPE_CHECKING:
    from server.signing_in.provider_pages import ProviderPages

log = get_logger("server.auth")

LOOK_S: Final = 1.0
"""How often it is asked whether another process has changed accounts, sessions or tokens."""
SETTLE_S: Final = 20.0
"""How often sessions that had their time end, and signs of life go into the store."""


class SignIn:
    """One per node. ``open`` before the web, ``run`` as a side task."""

    def __init__(
        self,
        config: Config,
        store: Store,
        keyring: Keyring,
        pages: Pages,
        dispatcher: Dispatcher,
        hot_desk: HotDesk,
        *,
        public_url: Callable[[], str],
        prefill: tuple[str, str] | None = None,
    ) -> None:
        session = timedelta(hours=config.web.session_hours)
        self.directory = Directory(store.accounts, config.agents, team_alone=config.sign_in.supervisors_see == "team")
        book = Book(store.accounts, longest=session, idle=timedelta(minutes=config.sign_in.idle_minutes))
        self.auth = Auth(
            self.directory,
            book,
            Programs(store.accounts),
            store.audit,
            session=session,
            secure_cookie=config.web.secure_cookie,
            seats=hot_desk,
        )
        self._second = second = Second(self.directory, keyring, store.audit)
        self._staff = Staff(self.directory, dispatcher, hot_desk, config.agents)
        self.accounts = Accounts(self.auth, second, config.sign_in, changed=self._staff.settle)
        halfway = Halfway(self.auth, self.accounts, pages, config.sign_in, centre=config.web.centre)
        oidc = config.oidc
        by_provider = _provider_pages(halfway, keyring, oidc, public_url) if oidc.issuer else None
        first = FirstPages(
            halfway,
            provider=oidc.name if by_provider is not None else "",
            prefill=prefill,
            **({"signed_out": by_provider.signed_out} if by_provider is not None else {}),
        )
        self._rooms = (
            first.setup,
            StepPages(halfway, second).setup,
            OwnPages(halfway, second).setup,
            accounts_room(self.accounts),
            *((by_provider.setup,) if by_provider is not None else ()),
        )
        self._store = store.accounts
        self._revision = 0

    def setup(self, app: web.Application) -> None:
        """Add all addresses to a web application."""
        for room in self._rooms:
            room(app)

    async def open(self) -> None:
        """Accounts, sessions and tokens are there; the dispatcher knows everybody."""
        self._revision = await self._store.revision()
        await self.auth.directory.load()
        await self._second.rewrap()
        await self._staff.settle()
        await self.auth.open()

    async def run(self) -> None:
        """Until cancelled: hear what other processes change, end what has had its time."""
        settled = time.monotonic()
        while True:
            await asyncio.sleep(LOOK_S)
            with suppress(StoreFault):  # the recorder says so; what is known here goes on
                await self._follow()
                if time.monotonic() - settled >= SETTLE_S:
                    settled = time.monotonic()
                    await self.auth.settle()

    async def _follow(self) -> None:
        newest = await self._store.revision()
        if newest != self._revision:
            self._revision = newest
            await self.auth.load()
            await self._staff.settle()


def _provider_pages(
    halfway: Halfway, keyring: Keyring, oidc: OidcConfig, public_url: Callable[[], str]
) -> ProviderPages:
    """Authlib and its HTTP client take a tenth of a second to load: where there is a provider, and nowhere else."""
    from server.signing_in.provider import Provider
    from server.signing_in.provider_pages import ProviderPages

    return ProviderPages(halfway, Provider(oidc), keyring, oidc, public_url=public_url)
