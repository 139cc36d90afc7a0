"""The home folder: made when missing, private, and an advice when it cannot be."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import EnvironmentFault
from core.home import open_home, platform_folder


def test_opening_makes_private_folders(tmp_path: Path) -> None:
    home = open_home(tmp_path / "a" / "minwon")
    for folder in (home.root, home.run, home.spool):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert home.database.parent == home.attachments.parent == home.root
    assert open_home(home.root) == home


def test_a_relative_folder_stays_the_same_after_a_change_of_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert open_home("here").root == tmp_path / "here"


def test_the_platform_folder_follows_the_xdg_specification() -> None:
    assert platform_folder({"XDG_DATA_HOME": "/data"}) == Path("/data/minwon")
    assert platform_folder({"XDG_DATA_HOME": "relative"}) == Path.home() / ".local/share/minwon"
    assert platform_folder({}) == Path.home() / ".local/share/minwon"


@pytest.mark.parametrize("inside", ["", "below"])
def test_a_file_in_the_way_is_named(tmp_path: Path, inside: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentFault, match=r"is not a folder.*MINWON_HOME"):
        open_home(tmp_path / "file" / inside)


def test_a_folder_of_someone_else_is_an_advice_not_a_traceback(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        tmp_path.chmod(0o500)
        with pytest.raises(EnvironmentFault, match="MINWON_HOME"):
            open_home(tmp_path / "x")
        return
    # Root may write anywhere, so ask as somebody else.
    script = (
        "import os, sys\n"
        "from core.home import open_home\n"
        "from core.errors import EnvironmentFault\n"
        "os.setuid(65534)\n"
        "for folder in ('/root/x', '/proc/x', '/etc'):\n"
        "    try: open_home(folder)\n"
        "    except EnvironmentFault as fault: print(fault)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.count("MINWON_HOME") == 3
