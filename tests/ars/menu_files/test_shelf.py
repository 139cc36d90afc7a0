"""The menu in force: what is saved comes into force whole, what is broken never does, what was is found again."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from pathlib import Path

import pytest

from ars.menu_files import menu_file
from ars.menu_files.menu_file import version_of
from ars.menu_files.shelf import KEPT, MenuShelf, icons, recordings
from ars.model import Menu
from core import metrics
from core.errors import BadInput
from tests.ars.small import SMALL
from tests.patience import until

BROKEN = SMALL.replace('go = "waste"', 'go = "wast"')


def variant(number: int) -> str:
    return SMALL.replace("How can we help you?", f"How can we help you, {number}?")


class City:
    """A menu file, and a shelf that looks at it when told."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "menu.toml"
        self.kept = folder / "home" / "menus"
        self.save(SMALL)

    def save(self, text: str) -> None:
        self.file.write_text(text, "utf-8")

    def shelf(self, period_s: float = 60.0) -> MenuShelf:
        return MenuShelf(self.file, self.kept, today=lambda: dt.date(2026, 11, 26), period_s=period_s)

    def copies(self) -> set[str]:
        return {file.name for file in self.kept.iterdir()}


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path)


def broken() -> tuple[float, float]:
    flag = metrics.REGISTRY.get_sample_value("minwon_menu_broken")
    count = metrics.REGISTRY.get_sample_value("minwon_menu_refused_total")
    assert flag is not None and count is not None
    return flag, count


async def looks(shelf: MenuShelf, times: int = 3) -> list[bool]:
    return [await shelf.look() for _ in range(times)]


async def test_a_menu_is_in_force_once_opened(city: City) -> None:
    shelf = city.shelf()
    with pytest.raises(BadInput, match="has not been opened"):
        _ = shelf.current
    await shelf.open()
    assert shelf.current.version == version_of(SMALL.encode())
    assert shelf.problem == ""
    assert city.copies() == {f"small-{shelf.current.version}.toml"}
    assert await looks(shelf) == [False, False, False]


async def test_a_new_file_comes_into_force_at_the_second_look_and_listeners_hear_of_it(city: City) -> None:
    shelf = city.shelf()
    await shelf.open()
    before = shelf.current
    heard: list[Menu] = []
    shelf.changed(heard.append)
    city.save(variant(1))
    assert await looks(shelf) == [False, True, False]
    assert shelf.current.version == version_of(variant(1).encode())
    assert heard == [shelf.current]
    assert await shelf.by_version(before.version) is before
    assert await shelf.by_version(shelf.current.version) is shelf.current


async def test_a_broken_file_leaves_the_old_menu_running_and_says_so(city: City) -> None:
    shelf = city.shelf()
    await shelf.open()
    menu, (_, refused) = shelf.current, broken()
    city.save(BROKEN)
    line = next(number for number, text in enumerate(BROKEN.split("\n"), 1) if '"wast"' in text)
    assert await looks(shelf, 5) == [False] * 5
    assert shelf.current is menu
    assert shelf.problem.startswith(f"menu.toml:{line}: error unknown-target: screens.main.choices[3].go names 'wast'")
    assert shelf.problem.endswith(f"version {menu.version} goes on")
    assert broken() == (1, refused + 1)
    city.save(SMALL)
    assert await looks(shelf) == [False, False, False]  # the very menu that is running: nothing changes
    assert (shelf.problem, broken()[0], shelf.current) == ("", 0, menu)


async def test_a_half_saved_file_is_no_problem_when_the_rest_follows(city: City) -> None:
    shelf = city.shelf()
    await shelf.open()
    _, refused = broken()
    city.save(variant(1)[: len(SMALL) // 2])
    assert await shelf.look() is False
    city.save(variant(1))
    assert await looks(shelf) == [False, True, False]
    assert shelf.problem == ""
    assert broken() == (0, refused)


async def test_half_a_file_that_is_a_menu_by_chance_is_not_taken_while_it_grows(city: City) -> None:
    shelf = city.shelf()
    await shelf.open()
    city.save(variant(1))
    assert await shelf.look() is False
    city.save(variant(2))
    assert await looks(shelf) == [False, True, False]
    assert shelf.current.version == version_of(variant(2).encode())


async def test_a_file_that_keeps_its_time_and_size_is_seen_by_its_content(city: City) -> None:
    shelf = city.shelf()
    await shelf.open()
    city.save(variant(1))
    at = city.file.stat()
    assert await shelf.look() is False
    city.save(variant(2))
    os.utime(city.file, ns=(at.st_atime_ns, at.st_mtime_ns))
    assert await looks(shelf) == [False, True, False]
    assert shelf.current.version == version_of(variant(2).encode())


async def test_editors_that_write_by_rename_are_seen(city: City) -> None:
    shelf = city.shelf()
    await shelf.open()
    new = city.file.with_suffix(".swp")
    new.write_text(variant(7), "utf-8")
    old = city.file.stat()
    os.utime(new, ns=(old.st_atime_ns, old.st_mtime_ns))
    new.replace(city.file)
    assert await looks(shelf) == [False, True, False]


async def test_a_deleted_file_is_told_and_may_come_back(city: City) -> None:
    shelf = city.shelf()
    await shelf.open()
    menu = shelf.current
    city.file.unlink()
    assert await looks(shelf) == [False, False, False]
    assert "can't be read (No such file or directory)" in shelf.problem
    assert shelf.current is menu
    city.save(variant(1))
    assert await looks(shelf) == [False, True, False]
    assert shelf.problem == ""


async def test_a_pipe_holds_up_no_look(city: City) -> None:
    shelf = city.shelf()
    await shelf.open()
    city.file.unlink()
    os.mkfifo(city.file)
    assert await looks(shelf) == [False, False, False]
    assert "is a pipe" in shelf.problem


async def test_the_watch_looks_by_itself_until_its_context_ends(city: City) -> None:
    shelf = city.shelf(period_s=0.02)
    await shelf.open()
    async with shelf.watched():
        city.save(variant(3))
        await until(lambda: shelf.current.version == version_of(variant(3).encode()))
    city.save(variant(4))
    await asyncio.sleep(0.1)
    assert shelf.current.version == version_of(variant(3).encode())


async def test_a_fault_of_ours_in_the_watch_does_not_stop_it(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = city.shelf(period_s=0.02)
    await shelf.open()
    read = menu_file.read
    monkeypatch.setattr(menu_file, "read", lambda *_given: 1 / 0)
    async with shelf.watched():
        city.save(variant(3))
        await until(lambda: "see the log" in shelf.problem)
        monkeypatch.setattr(menu_file, "read", read)
        city.save(variant(4))
        await until(lambda: shelf.current.version == version_of(variant(4).encode()))
    assert shelf.problem == ""


async def test_what_can_not_be_used_at_the_start_is_one_line_of_advice(city: City) -> None:
    city.save(BROKEN)
    with pytest.raises(BadInput, match=r"menu\.toml:\d+: screens\.main\.choices\[3\]\.go names 'wast'"):
        await city.shelf().open()
    city.file.unlink()
    with pytest.raises(BadInput, match="can't be read"):
        await city.shelf().open()


async def test_after_a_restart_with_a_broken_file_the_last_menu_goes_on(city: City) -> None:
    before = city.shelf()
    await before.open()
    city.save(BROKEN)
    shelf = city.shelf()
    await shelf.open()
    assert shelf.current == before.current
    assert "unknown-target" in shelf.problem
    city.save(variant(1))
    assert await looks(shelf) == [False, True, False]
    assert shelf.problem == ""


async def test_visits_find_their_menu_after_a_restart(city: City) -> None:
    first = city.shelf()
    await first.open()
    city.save(variant(1))
    assert True in await looks(first)
    later = city.shelf()
    await later.open()
    assert await later.by_version(version_of(SMALL.encode())) == await first.by_version(version_of(SMALL.encode()))
    assert await later.by_version("0123456789ab") is None
    assert await later.by_version("../../etc") is None


async def test_a_copy_that_was_changed_is_no_copy(city: City) -> None:
    first = city.shelf()
    await first.open()
    version = first.current.version
    (city.kept / f"small-{version}.toml").write_text(variant(9), "utf-8")
    city.save(variant(1))
    later = city.shelf()
    await later.open()
    assert await later.by_version(version) is None


async def test_at_most_twenty_copies_are_kept(city: City) -> None:
    (city.kept).mkdir(parents=True)
    (city.kept / "notes.txt").write_text("mine")
    shelf = city.shelf()
    await shelf.open()
    for number in range(KEPT + 2):
        city.save(variant(number))
        assert True in await looks(shelf)
    names = city.copies()
    assert len(names) == KEPT + 1
    assert "notes.txt" in names
    assert f"small-{shelf.current.version}.toml" in names
    assert f"small-{version_of(SMALL.encode())}.toml" not in names
    assert await shelf.by_version(version_of(SMALL.encode())) is None


async def test_a_disk_that_is_full_keeps_no_copy_but_the_menu_is_in_force(city: City) -> None:
    city.kept.parent.mkdir()
    city.kept.write_text("a file where a folder should be")
    shelf = city.shelf()
    await shelf.open()
    assert shelf.current.id == "small"


def test_icons_and_recordings_are_listed(tmp_path: Path) -> None:
    found = icons()
    assert found is None or {"phone", "map"} <= found
    assert recordings(None) is None
    assert recordings(tmp_path / "none") is None
    (tmp_path / "main.ko.wav").touch()
    (tmp_path / "readme.txt").touch()
    assert recordings(tmp_path) == frozenset({"main.ko.wav"})
