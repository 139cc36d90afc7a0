"""The caller's page on a real port over real visits; may be stopped and started again like a node.

async with PhoneSite(tmp_path, small_menu()) as site:
    call, visit, url = site.call()           # a call with its visit and a link to its page
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from aiohttp import web

from ars.guesses import Guesses
from ars.model import Menu
from ars.phone.routes import phone
from ars.photos import Photos
from ars.state import Phase
from ars.visit import Visit
from ars.visits import Found
from core.pictures.shelf import Pictures
from core.web.client import Proxies
from tests.fakes.call_side import FakeCall
from tests.fakes.visit_house import FakeVisitHouse

FOUND = (
    Found(
        id="waste",
        title="대형폐기물 배출 방법",
        text="배출 하루 전까지 신고하시면 됩니다.\n\n신고 번호를 종이에 적어 붙여 주세요.",
        department="자원순환과",
        phone="031-0000-2300",
    ),
    Found(id="passport", title="여권 재발급 수수료", text="10년 복수여권은 50,000원입니다."),
)


class PhoneSite:
    """``site.url`` answers; ``site.visits`` and ``site.house`` are the real thing and the fake behind it."""

    def __init__(
        self,
        folder: Path,
        menu: Menu,
        *,
        limit: int = 1000,
        pages: int = 1000,
        public_url: str = "",
        frame_ancestors: str = "'none'",
        proxies: Sequence[str] = (),
    ) -> None:
        self.menu = menu
        self.house = FakeVisitHouse()
        self.visits = self.house.visits(lambda: self.menu, limit=limit)
        self.photos = Photos(Pictures(folder / "uploads", most_mb=200, days=30))
        self.found: Sequence[Found] = FOUND
        """What every search finds."""
        self.searched: list[str] = []
        self.bound: list[Visit] = []
        """Visits whose link has got its browser."""
        self.url = ""
        self._port = 0
        self._runner: web.AppRunner | None = None
        self._setup = phone(
            self.visits,
            menu=lambda: self.menu,
            search=self._search,
            photos=self.photos,
            guesses=Guesses(),
            proxies=Proxies(proxies),
            public_url=public_url,
            frame_ancestors=frame_ancestors,
            pages=pages,
            bound=self.bound.append,
        )

    def call(
        self, call_id: str = "c1", *, phase: Phase = "menu", has_number: bool = True
    ) -> tuple[FakeCall, Visit, str]:
        """A call has come: (the call, its visit, the path of its page)."""
        call = FakeCall(call_id)
        visit = self.visits.begin_call(call, phase=phase, has_number=has_number)
        assert visit is not None
        return call, visit, f"/v/{self.visits.link(visit)}"

    async def __aenter__(self) -> PhoneSite:
        await self.photos.sweep(self.house.now())
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.visits.close()
        await self.stop()
        await self.house.settle()

    async def start(self) -> None:
        """Serve, on the same port as before."""
        app = web.Application()
        self._setup(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"

    async def stop(self) -> None:
        """Close all lines and the port."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _search(self, query: str, limit: int) -> Sequence[Found]:
        self.searched.append(query)
        return self.found[:limit]
