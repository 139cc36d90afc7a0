"""The menu in force, and the menus of visits that began before it changed.

shelf = MenuShelf(menu_file.find("menu.toml"), home.root / "menus")
await shelf.open()                 # BadInput when there is no usable menu to begin with
async with shelf.watched():        # looks at the file every two seconds
    visit = begin(id, shelf.current, now)

A visit holds its menu itself; a new file only changes what later visits begin with. A file that is broken, half-saved
or gone leaves the old menu running and is told: in the log, in the metrics, in ``problem``. Whatever was in force is
kept as a copy, so that visits find their menu again after a restart, and the node some menu.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from importlib import resources
from pathlib import Path
from typing import Final

import msgspec

from ars.menu_files import lint, menu_file
from ars.menu_files.finding import Finding, line_of
from ars.menu_files.menu_file import VERSION_DIGITS, Loaded
from ars.model import Menu
from core import metrics
from core.errors import BadInput
from core.log import get_logger

PERIOD_S: Final = 2.0
KEPT: Final = 20
"""Copies of menus; beyond them those that were in force longest ago are deleted."""
_COPY: Final = re.compile(r"@?[a-z0-9][a-z0-9_-]{0,63}-[0-9a-f]{12}\.toml")
_Stamp = tuple[int, int, int] | None
"""Time of change, size and inode of a file: an editor's save changes one of them."""

log = get_logger(__name__)


def icons() -> frozenset[str] | None:
    """Names of the pictures that choices may have; None when they are not there to be looked at."""
    folder = resources.files("ars") / "web" / "icons"
    if not folder.is_dir():
        return None
    return frozenset(file.name.removesuffix(".svg") for file in folder.iterdir() if file.name.endswith(".svg")) or None


def recordings(folder: Path | None) -> frozenset[str] | None:
    """Names of the files in a folder of recordings; None without one."""
    if folder is None or not folder.is_dir():
        return None
    return frozenset(file.name for file in folder.iterdir() if file.suffix == ".wav")


class MenuShelf:
    """One for the node."""

    def __init__(
        self,
        path: Path,
        kept: Path | None = None,
        *,
        prompts: Path | None = None,
        today: Callable[[], dt.date] = dt.date.today,
        period_s: float = PERIOD_S,
    ) -> None:
        """``kept``: folder for the copies, made when needed. ``prompts``: the folder of recordings, to warn of gaps."""
        self.path = path
        self.problem = ""
        """Why the file's present content is not in force, one line for the desk and the health page; '' = it is."""
        self._kept = kept
        self._prompts = prompts
        self._today = today
        self._period_s = period_s
        self._current: Menu | None = None
        self._menus: dict[str, Menu] = {}
        """Menus by version, the newest last."""
        self._listeners: list[Callable[[Menu], None]] = []
        self._stamp: _Stamp = None
        self._found = ""
        """The version of what was found in the file last, or why nothing was."""
        self._settled = False
        """Two looks in a row have found the same, and what it is was decided."""

    @property
    def current(self) -> Menu:
        """What new visits begin with."""
        if self._current is None:
            raise BadInput(f"the menu {self.path} has not been opened")
        return self._current

    def changed(self, listener: Callable[[Menu], None]) -> None:
        """Have ``listener`` called with each new menu that comes into force after now."""
        self._listeners.append(listener)

    async def open(self) -> None:
        """Read the file for the first time.

        When it can't be used, the menu that was in force last goes on, as ``problem`` says; a centre must not be dumb
        after a power cut because of a slip. ``BadInput`` with the file's first error when there was none.
        """
        self._stamp = await asyncio.to_thread(_stamp, self.path)
        content = await asyncio.to_thread(_content, self.path)
        self._found, self._settled = content.name, True
        loaded = await asyncio.to_thread(self._read, content)
        if loaded.usable and loaded.menu is not None:
            self._warn(loaded)
            await self._take(loaded.menu, content.data)
            return
        before = await asyncio.to_thread(_newest_copy, self._kept) if self._kept is not None else None
        self._current = before or menu_file.menu_of(loaded, str(self.path))
        self._remember(self._current)
        self._complain(loaded)

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[MenuShelf]:
        """Follow the file while this context is open."""
        following = asyncio.create_task(self._follow(), name="menu")
        try:
            yield self
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following

    async def look(self) -> bool:
        """Look at the file now; True when another menu has come into force.

        Content counts when two looks in a row have found it: an editor may be in the middle of saving at the first.
        """
        stamp = await asyncio.to_thread(_stamp, self.path)
        if stamp == self._stamp and self._settled:
            return False
        content = await asyncio.to_thread(_content, self.path)
        if (stamp, content.name) != (self._stamp, self._found):
            self._stamp, self._found, self._settled = stamp, content.name, False
            return False
        self._settled = True
        loaded = await asyncio.to_thread(self._read, content)
        if not loaded.usable or loaded.menu is None:
            self._complain(loaded)
            return False
        self.problem = ""
        metrics.MENU_BROKEN.set(0)
        if loaded.version == self.current.version:
            return False
        self._warn(loaded)
        await self._take(loaded.menu, content.data)
        metrics.MENU_CHANGES.inc()
        log.info("menu.changed", menu=loaded.menu.id, version=loaded.version)
        for listener in self._listeners:
            listener(loaded.menu)
        return True

    async def by_version(self, version: str) -> Menu | None:
        """The menu that a visit began with, from memory or from the copies; None when it is forgotten."""
        if version not in self._menus and self._kept is not None:
            found = await asyncio.to_thread(_copy_of, self._kept, version)
            if found is not None:
                self._remember(found)
        return self._menus.get(version)

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(self._period_s)
            try:
                await self.look()
            except Exception:  # the menu in force is good; whatever is wrong with the next one must not stop the calls
                self.problem = f"{self.path.name} could not be looked at: see the log"
                metrics.MENU_BROKEN.set(1)
                log.exception("menu.look_failed", file=str(self.path))

    def _read(self, content: _Content) -> Loaded:
        if content.fault is not None:
            return Loaded(menu=None, findings=(content.fault,))
        around = lint.Around(icons=icons(), recordings=recordings(self._prompts), today=self._today())
        return menu_file.read(content.data, around)

    async def _take(self, menu: Menu, data: bytes) -> None:
        self._current = menu
        self._remember(menu)
        if self._kept is not None:
            try:
                await asyncio.to_thread(_keep, self._kept, menu, data)
            except OSError as fault:  # only visits that outlive a restart need the copy
                log.warning("menu.not_kept", menu=menu.id, reason=fault.strerror)

    def _remember(self, menu: Menu) -> None:
        self._menus.pop(menu.version, None)
        self._menus[menu.version] = menu
        for version in list(self._menus)[:-KEPT]:
            if version != self.current.version:
                del self._menus[version]

    def _warn(self, loaded: Loaded) -> None:
        if loaded.findings:
            log.warning("menu.warnings", file=str(self.path), count=len(loaded.findings), first=loaded.findings[0].code)

    def _complain(self, loaded: Loaded) -> None:
        first = loaded.errors[0]
        metrics.MENU_BROKEN.set(1)
        metrics.MENU_REFUSED.inc()
        self.problem = f"{line_of(self.path.name, first)}; version {self.current.version} goes on"
        log.error("menu.refused", file=str(self.path), line=first.line, code=first.code, running=self.current.version)


class _Content(msgspec.Struct, frozen=True):
    """What is in the file."""

    data: bytes
    fault: Finding | None
    """Why nothing is."""

    @property
    def name(self) -> str:
        """Equal for equal content."""
        return menu_file.version_of(self.data) if self.fault is None else self.fault.message


def _stamp(path: Path) -> _Stamp:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _content(path: Path) -> _Content:
    if path.is_fifo():  # to open it would wait for somebody to write, for ever
        return _Content(b"", Finding(0, "error", "unreadable", f"{path} is a pipe: put a file there"))
    return _Content(*menu_file.contents(path))


def _keep(folder: Path, menu: Menu, data: bytes) -> None:
    """Keep a copy under the menu's version, whole or not at all, and delete the oldest beyond ``KEPT``."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = folder / f".{menu.version}.new"
    new.write_bytes(data)
    new.replace(folder / f"{menu.id}-{menu.version}.toml")
    for old in _copies(folder)[KEPT:]:
        old.unlink(missing_ok=True)


def _copies(folder: Path) -> list[Path]:
    """The copies, the newest first."""
    if not folder.is_dir():
        return []
    files = [file for file in folder.iterdir() if _COPY.fullmatch(file.name)]
    return sorted(files, key=lambda file: file.stat().st_mtime_ns, reverse=True)


def _copy_of(folder: Path, version: str) -> Menu | None:
    for file in _copies(folder):
        if file.stem.endswith(f"-{version}"):
            return _copy(file, version)
    return None


def _newest_copy(folder: Path) -> Menu | None:
    return next((menu for file in _copies(folder) if (menu := _copy(file, file.stem[-VERSION_DIGITS:]))), None)


def _copy(file: Path, version: str) -> Menu | None:
    """A copy that is what its name says. It was without error once; what counts as one may have changed since."""
    loaded = menu_file.load(file)
    return loaded.menu if loaded.version == version else None
