"""Fetching over bad lines, from bad servers, with others at the same time: the model is there and whole, or one clear
line is said and the shelf is as before."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import namedtuple
from pathlib import Path

import pytest

from core.errors import BadInput, ModelFault
from models.catalog import Offer
from models.shelf import ModelInfo
from models.stocking import checksums, disk, download, fetch
from models.stocking.download import Patience
from models.stocking.telling import Notice, Progress
from tests.fakes.archive_server import (
    Answer,
    ArchiveServer,
    chunked,
    hanging_up,
    ignoring_ranges,
    page,
    serving,
    stalling,
    status,
    whole,
    without_length,
)
from tests.fakes.small_models import VOSK_FILES, below, snapshot, tar_of, write_model, zip_of

ARCHIVE = zip_of({**below("m"), "m/am/more": os.urandom(300_000)})
SHA256 = __import__("hashlib").sha256(ARCHIVE).hexdigest()


class Fetching:
    """A shelf, and what is told while it is filled."""

    def __init__(self, shelf: Path) -> None:
        self.shelf = shelf
        self.told: list[Progress | Notice] = []
        self.pauses: list[float] = []
        self.dies = False
        self.patience = Patience(stall_s=0.3, tries=3, pause=self.pauses.append)

    def try_out(self, info: ModelInfo) -> None:
        """No engine could load these."""
        if self.dies:
            raise ModelFault(f"the engine that runs {info.path} is not installed")

    def fetch(self, server: ArchiveServer, *, sha256: str = "", size: int = 1000) -> fetch.Fetched:
        offer = Offer(
            name="m", languages=("ko",), engine="vosk", size=size, licence="", url=server.url, sha256=sha256, says=""
        )
        return fetch.fetch(offer, self.shelf, tell=self.told.append, try_out=self.try_out, patience=self.patience)

    @property
    def notices(self) -> list[str]:
        return [each.says for each in self.told if isinstance(each, Notice)]

    @property
    def names(self) -> set[str]:
        return {path.name for path in self.shelf.iterdir()} if self.shelf.exists() else set()


@pytest.fixture
def fetching(tmp_path: Path) -> Fetching:
    return Fetching(tmp_path / "home/models")


def test_a_model_comes(fetching: Fetching) -> None:
    """Unpacked, looked at, in its place; its checksum is recorded, nothing else is left; next time it is there."""
    with serving(whole(ARCHIVE)) as server:
        fetched = fetching.fetch(server)
        assert fetched.info.path == fetching.shelf / "m"
        assert fetched.info.rate == 16000
        assert (fetched.already, fetched.first_use, fetched.sha256) == (False, True, SHA256)
        assert fetching.names == {"m", "checksums.toml"}
        assert checksums.recorded(fetching.shelf)["m"].sha256 == SHA256
        assert "recorded" in fetching.notices[-1]
        assert fetching.fetch(server).already
        assert len(server.asked) == 1
    steps = [each for each in fetching.told if isinstance(each, Progress)]
    assert {step.what for step in steps} == {"fetching m", "checking m", "unpacking m.zip"}
    assert all(0 < step.done <= step.total for step in steps if step.what == "fetching m")
    assert steps[-1].total == len(ARCHIVE)


def test_a_known_checksum_is_not_recorded(fetching: Fetching) -> None:
    """The catalogue's counts."""
    with serving(whole(ARCHIVE)) as server:
        assert not fetching.fetch(server, sha256=SHA256).first_use
    assert fetching.names == {"m"}


@pytest.mark.parametrize(
    ("answers", "ranges"),
    [
        ((whole(ARCHIVE, until=100_000), whole(ARCHIVE)), ["", "bytes=100000-"]),
        ((whole(ARCHIVE, until=1), whole(ARCHIVE)), ["", "bytes=1-"]),
        ((status(503), hanging_up, status(429, Retry_After=7), whole(ARCHIVE)), ["", "", "", ""]),
        ((stalling(ARCHIVE, 70_000), whole(ARCHIVE)), ["", "bytes=70000-"]),
        ((whole(ARCHIVE, until=9), whole(ARCHIVE, etag='"2"')), ["", "bytes=9-"]),  # another version: all of it
        ((ignoring_ranges(ARCHIVE, until=50_000), ignoring_ranges(ARCHIVE)), ["", ""]),  # no ETag: not safe to go on
        ((whole(ARCHIVE, etag="", until=9), whole(ARCHIVE, etag="")), ["", ""]),
        ((whole(ARCHIVE, until=9), ignoring_ranges(ARCHIVE)), ["", "bytes=9-"]),
        ((whole(ARCHIVE, claims=len(ARCHIVE) + 5), whole(ARCHIVE)), ["", f"bytes={len(ARCHIVE)}-"]),  # it was all
        ((chunked(ARCHIVE, until=40_000), chunked(ARCHIVE)), ["", ""]),
        ((without_length(ARCHIVE),), [""]),
        ((status(302, Location="/elsewhere"), whole(ARCHIVE)), ["", ""]),
    ],
)
def test_bad_lines(answers: tuple[Answer, ...], ranges: list[str], fetching: Fetching) -> None:
    """It goes on where it was, where that is safe, else anew."""
    fetching.patience = Patience(stall_s=0.3, tries=4, pause=fetching.pauses.append)
    with serving(*answers) as server:
        assert fetching.fetch(server).sha256 == SHA256
        assert server.ranges == ranges
    assert all(0.5 < pause <= 30 for pause in fetching.pauses)


def test_a_known_checksum_makes_every_piece_safe(fetching: Fetching) -> None:
    """Without an ETag, too."""
    with serving(whole(ARCHIVE, etag="", until=9), whole(ARCHIVE, etag="")) as server:
        fetching.fetch(server, sha256=SHA256)
        assert server.ranges == ["", "bytes=9-"]


def test_the_next_command_goes_on(fetching: Fetching) -> None:
    """After the tries are used up, or the process was killed."""
    with serving(whole(ARCHIVE, until=5000), whole(ARCHIVE, until=5000), whole(ARCHIVE)) as server:
        fetching.patience = Patience(tries=1, pause=fetching.pauses.append)
        with pytest.raises(ModelFault, match=r"cut off at 5,000 of .* stay: run the same command again"):
            fetching.fetch(server)
        assert snapshot(fetching.shelf)[".arriving/m.part"] == ARCHIVE[:5000]
        with pytest.raises(ModelFault):
            fetching.fetch(server)
        fetching.fetch(server)
        assert server.ranges == ["", "bytes=5000-", "bytes=5000-"]
    assert fetching.names == {"m", "checksums.toml"}


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ((status(404),), r"answers 404: it is not there"),
        ((status(403),), "a proxy may forbid it"),
        ((status(407),), "the proxy wants a sign-in: set HTTPS_PROXY"),
        ((status(302, Location="ftp://x/m.zip"),), "leads to ftp://x/m.zip, which is not encrypted"),
        ((status(301, Location="/m.zip"),), "answers 301"),
        ((status(503),), r"answers 503 \(busy or broken\)"),
        ((hanging_up,), r"can't be reached|is cut off"),
        ((page("Sign in"),), r"a web page comes instead of an archive \(Sign in\)"),
        ((without_length(b"no archive"),), "is no zip"),
        ((whole(ARCHIVE, claims=len(ARCHIVE) - 5),), r"m\.part is broken|is broken"),
        ((whole(ARCHIVE[:150_000] + ARCHIVE[150_001:]),), "is broken"),
        ((whole(zip_of({"m/am/x": b"1"})),), r"m is no complete Vosk model: am/final\.mdl is missing"),
        ((whole(zip_of({"model.safetensors": b"1"})),), r"m is a model of Hugging Face"),
        ((whole(zip_of({**below("a"), **below("b")})),), r"several models \(a, b\)"),
        ((whole(zip_of({"../m": b"1"})),), "climbs out"),
    ],
)
def test_bad_servers(answers: tuple[Answer, ...], says: str, fetching: Fetching) -> None:
    """One line, and the shelf is as before."""
    with serving(*answers) as server, pytest.raises(ModelFault, match=says) as caught:
        fetching.fetch(server)
    assert "\n" not in str(caught.value)
    assert fetching.names == set()


@pytest.mark.parametrize("url", ["file:/etc/passwd", "ftp://x/m.zip", "/srv/m.zip", "data:,m", "example.org/m.zip"])
def test_only_the_web(url: str, fetching: Fetching) -> None:
    """Not what urllib would open besides."""
    offer = Offer(name="m", languages=("ko",), engine="vosk", size=1, licence="", url="", sha256="", says="")
    with pytest.raises(BadInput, match="is no address of the web") as caught:
        fetch.fetch(offer, fetching.shelf, tell=fetching.told.append, try_out=fetching.try_out, url=url)
    assert "\n" not in str(caught.value)
    assert fetching.names == set()


def test_a_corrupted_archive_is_thrown_away(fetching: Fetching) -> None:
    """By the catalogue's checksum before anything is unpacked; the next try begins anew."""
    with serving(whole(ARCHIVE[:-1] + b"x"), whole(ARCHIVE)) as server:
        with pytest.raises(ModelFault, match=r"not the one that the catalogue names: sha256 [0-9a-f]{64} instead of"):
            fetching.fetch(server, sha256=SHA256)
        assert fetching.names == set()
        fetching.fetch(server, sha256=SHA256)
        assert server.ranges == ["", ""]


def test_another_archive_than_the_first_time(fetching: Fetching) -> None:
    """What was recorded counts; who trusts the new one deletes the entry."""
    write_model(fetching.shelf / "other")
    checksums.record(fetching.shelf, "m", "0" * 64, 5, "https://x/m.zip")
    before = snapshot(fetching.shelf)
    with serving(whole(ARCHIVE)) as server, pytest.raises(ModelFault, match=r"checksums\.toml, where it was recorded"):
        fetching.fetch(server)
    assert snapshot(fetching.shelf) == before


def test_a_broken_model_is_in_the_way(fetching: Fetching) -> None:
    """It is not overwritten, and the way out is told."""
    (fetching.shelf / "m/am").mkdir(parents=True)
    with serving(whole(ARCHIVE)) as server, pytest.raises(ModelFault, match="first: minwon models remove m"):
        fetching.fetch(server)


def test_no_room(fetching: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    """Known before anything is asked; and when the disk is full in the middle, what has come stays."""
    usage = namedtuple("usage", "total used free")
    with monkeypatch.context() as patch, serving(whole(ARCHIVE)) as server:
        patch.setattr(disk.shutil, "disk_usage", lambda _: usage(1, 1, 250 << 20))
        with pytest.raises(ModelFault, match=r"has 262 MB free; about 510 MB are needed"):
            fetching.fetch(server, size=100_000_000)
        assert server.asked == []

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, serving(whole(ARCHIVE)) as server:
        patch.setattr(fetch, "unpack", full)
        with pytest.raises(ModelFault, match="no space is left at"):
            fetching.fetch(server)
        assert snapshot(fetching.shelf)[".arriving/m.part"] == ARCHIVE


def test_no_permission(fetching: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may not write there is told where."""

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "/srv/models")

    monkeypatch.setattr(Path, "mkdir", refused)
    with serving(whole(ARCHIVE)) as server, pytest.raises(ModelFault, match="/srv/models: Permission denied; let this"):
        fetching.fetch(server)


def test_whoever_sends_without_end(fetching: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is left."""
    monkeypatch.setattr(download, "LARGEST", 100_000)
    with serving(without_length(ARCHIVE)) as server, pytest.raises(ModelFault, match="that is no model"):
        fetching.fetch(server)
    assert fetching.names == set()


def test_a_proxy_is_asked(fetching: Fetching, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the environment says."""
    with serving(whole(ARCHIVE)) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.removesuffix("/m.zip"))
        offer = Offer(
            name="m", languages=("ko",), engine="vosk", licence="", url="http://models.invalid/m.zip", says=""
        )
        fetch.fetch(
            offer, fetching.shelf, tell=fetching.told.append, try_out=fetching.try_out, patience=fetching.patience
        )
        assert [path for path, _ in proxy.asked] == ["http://models.invalid/m.zip"]


def test_a_mirror(fetching: Fetching) -> None:
    """Another place that has the same archive."""
    offer = Offer(name="m", languages=("ko",), engine="vosk", licence="", url="https://models.invalid/m", says="")
    with serving(whole(ARCHIVE)) as mirror:
        fetch.fetch(
            offer,
            fetching.shelf,
            tell=fetching.told.append,
            try_out=fetching.try_out,
            url=mirror.url,
            patience=fetching.patience,
        )
    assert checksums.recorded(fetching.shelf)["m"].url == mirror.url


def test_two_at_once(tmp_path: Path) -> None:
    """The second waits, says for whom, and finds it there; it is fetched once."""
    shelf, begun = tmp_path / "models", threading.Event()

    def slowly(request: object) -> None:
        begun.set()
        assert second_waits.wait(10)
        whole(ARCHIVE)(request)  # type: ignore[arg-type]

    second_waits = threading.Event()
    first, second = Fetching(shelf), Fetching(shelf)
    results: list[fetch.Fetched] = []
    with serving(slowly) as server:
        working = threading.Thread(target=lambda: results.append(first.fetch(server)))
        first.patience = Patience(stall_s=20)
        working.start()
        assert begun.wait(10)
        waiting = threading.Thread(target=lambda: results.append(second.fetch(server)))
        waiting.start()
        while not second.notices:
            waiting.join(0.01)
        second_waits.set()
        working.join(10)
        waiting.join(10)
        assert [result.already for result in results] == [False, True]
        assert len(server.asked) == 1
    assert second.notices[0].startswith(f"process {os.getpid()} is fetching m (since ")
    assert {path.name for path in shelf.iterdir()} == {"m", "checksums.toml"}


def test_a_killed_process_holds_nobody_up(fetching: Fetching) -> None:
    """Its lock goes with it, what it had unpacked is swept away, its part is of use."""
    script = (
        "import os, sys, pathlib; from models.stocking import part, place; shelf = pathlib.Path(sys.argv[1])\n"
        "with part.held(shelf, 'm', print) as held, place.staging(shelf) as staged:\n"
        "    (staged / 'half').write_bytes(b'1')\n"
        "    held.note(sys.argv[2], '\"1\"'); held.begin(0); held.add(b'PK\\3\\4'); os._exit(9)"
    )
    with serving(whole(ARCHIVE)) as server:
        subprocess.run([sys.executable, "-c", script, str(fetching.shelf), server.url], check=False)
        assert ".arriving/m.part" in snapshot(fetching.shelf)
        fetching.fetch(server)
        assert server.ranges == ["bytes=4-"]
    assert fetching.names == {"m", "checksums.toml"}


def test_a_tar_of_sherpa_onnx_comes_as_well(fetching: Fetching) -> None:
    """Any packing; a model one folder deeper."""
    with serving(whole(tar_of(below("release/m", VOSK_FILES), "w:bz2"))) as server:
        assert fetching.fetch(server).info.name == "m"


def test_a_model_that_can_not_be_run_here(fetching: Fetching) -> None:
    """It is not put there; what has come stays, since it may be this machine's doing."""
    fetching.dies = True
    with serving(whole(ARCHIVE)) as server:
        with pytest.raises(ModelFault, match="the engine that runs m is not installed"):
            fetching.fetch(server)
        assert fetching.names == {".arriving"}
        fetching.dies = False
        fetching.fetch(server)
        assert server.ranges == ["", f"bytes={len(ARCHIVE)}-"]
    assert fetching.names == {"m", "checksums.toml"}
