"""A machine without any network: a bundle is made here, installed and used in a network namespace without a route."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from core.errors import EnvironmentFault
from core.spoken import Speech, Voice, write_wav
from server.bundle.pack import Bundle, in_words, pack

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SENTENCE = "여권을 잃어버려서 재발급 받으려고 하는데요"


def no_route() -> list[str]:
    """The command before a command that cuts it off, as root or not."""
    for way in (["unshare", "--net"], ["unshare", "--net", "--map-root-user"]):
        if shutil.which("unshare") and subprocess.run([*way, "true"], capture_output=True).returncode == 0:
            return way
    pytest.skip("this machine allows no network namespace of one's own")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Without Debian packages: a test asks no mirror."""
    return pack(tmp_path_factory.mktemp("carried"), [], with_debian=False)


@pytest.mark.timeout(400)
def test_a_machine_without_network_understands_speech(bundle: Bundle, tmp_path: Path) -> None:
    """``make install-offline`` from the archive alone, then the real engine over a spoken sentence."""
    alone = no_route()
    prefix, wav = tmp_path / "minwon", tmp_path / "spoken.wav"
    write_wav(wav, asyncio.run(Speech().say(SENTENCE, Voice(variant="f4"))))
    # A machine that has no index to ask and no cache: pip would use either.
    bare = {
        "PATH": os.pathsep.join((str(Path(sys.base_prefix) / "bin"), "/usr/sbin:/usr/bin:/sbin:/bin")),
        "HOME": str(tmp_path),
        "MINWON_HOME": str(tmp_path / "home"),
        "LANG": "C.UTF-8",
        "PIP_NO_COMPILE": "1",  # what costs most of the time, and is no part of the test
    }
    install = ["make", "install-offline", f"BUNDLE={bundle.path}", f"PREFIX={prefix}"]
    done = subprocess.run([*alone, *install], cwd=ROOT, env=bare, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (prefix / "share/minwon/docs/configuration.md").is_file()
    replay = [*alone, str(prefix / "bin/minwon"), "replay", "--json", "--fast", str(wav)]
    heard = subprocess.run(replay, env=bare, capture_output=True, text=True, check=False)
    assert heard.returncode == 0, heard.stderr
    finals = [msgspec.json.decode(line) for line in heard.stdout.splitlines()]
    assert "".join(final["text"] for final in finals).replace(" ", "") == SENTENCE.replace(" ", "")


def test_a_file_that_was_changed_on_the_way_is_found(bundle: Bundle, tmp_path: Path) -> None:
    shutil.unpack_archive(bundle.path, tmp_path)
    (folder,) = tmp_path.iterdir()
    (folder / "README.md").write_text("changed\n", encoding="utf-8")
    done = subprocess.run(
        [folder / "install", tmp_path / "minwon"], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 1 and "carry the archive again" in done.stderr
    assert not (tmp_path / "minwon").exists()


def test_the_engineer_reads_what_was_packed_and_what_comes_next(bundle: Bundle) -> None:
    assert bundle.wheels > 40 and bundle.size > 50_000_000
    assert "make install-offline" in in_words(bundle) and bundle.path.name in in_words(bundle)


def test_a_folder_that_is_not_there_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="give another with --out"):
        pack(tmp_path / "nowhere" / "x.tar", [])
    assert list(tmp_path.iterdir()) == []
