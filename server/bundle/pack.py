"""Puts a bundle together: wheels, models, Debian packages, documents, an installer, and a checksum of each file.

minwon-0.1.0-cp311-x86_64/
    install  Makefile  SHA256SUMS  README.md ...  docs/
    wheels/    minwon and every package that it needs, the desk's pages inside
    models/    the models of this machine's shelf, and the page on those of minwon
    debian/    espeak-ng and its libraries
    pjsua2/    the tuned build, where it is installed here
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Final

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from core.errors import EnvironmentFault
from core.version import VERSION
from models.stocking import sums
from server.bundle import debian
from server.bundle.distributions import inside, needed, write_wheel

PROJECT: Final = "minwon"
EXTRAS: Final = ("postgresql", "sherpa")
"""What a city may switch on by its configuration alone."""
_CLONE: Final = Path(__file__).parents[2]
"""That this runs from; of an installed minwon the folder of packages, where none of its files are."""
_TEMPLATES: Final = Path(__file__).parent / "carried"
_DOCUMENTS: Final = (
    *("README.md", "README.ko.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md"),
    *("docs", "examples", "models/README.md"),
)
"""Each in its place, so that their links hold."""
SPARE: Final = 1.2
"""So much more room than the packages take must be free."""


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """What was made."""

    path: Path
    size: int
    """Bytes."""
    wheels: int
    models: tuple[str, ...]
    """Besides those that come inside minwon's own wheel."""
    debian: int | None
    """Packages; 0 = this machine could not fetch them, None = they were not wanted."""
    tuned: bool
    """Whether the pjsua2 that carries hundreds of calls is inside."""


def name() -> str:
    """'minwon-0.1.0-cp311-x86_64': for which Python and machine it is."""
    return f"{PROJECT}-{VERSION}-cp{sys.version_info[0]}{sys.version_info[1]}-{platform.machine()}"


def pack(target: Path | None, models: Sequence[Path], *, with_debian: bool = True) -> Bundle:
    """Write the archive, an uncompressed tar (wheels are compressed); ``target`` is a file or a folder.

    Raises ``EnvironmentFault`` where a package is broken, there is no room, or ``target`` can't be written; nothing is
    left behind then.
    """
    target = target or Path()
    path = target / f"{name()}.tar" if target.is_dir() else target
    with (
        Progress(
            *(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()),
            console=Console(stderr=True),
            transient=True,
            disable=not sys.stderr.isatty(),
        ) as progress,
        tempfile.TemporaryDirectory(prefix=".minwon-bundle-", dir=_folder(path)) as scratch,
    ):
        folder = Path(scratch) / name()
        (folder / "wheels").mkdir(parents=True)
        bar = progress.add_task(PROJECT, total=None)
        packages = needed(inside(_own_wheel(folder / "wheels")), EXTRAS)
        _check_room(path, packages, models)
        progress.update(bar, total=len(packages))
        for package in packages:
            progress.update(bar, description=package.name, advance=1)
            write_wheel(package, folder / "wheels")
        for model in models:
            progress.update(bar, description=model.name)
            shutil.copytree(model, folder / "models" / model.name)
        (folder / "debian").mkdir()
        progress.update(bar, description="Debian packages")
        debs = len(debian.download(folder / "debian")) if with_debian else None
        tuned = _copy_tuned(folder)
        copy_documents(folder)
        shutil.copytree(_TEMPLATES, folder, dirs_exist_ok=True)
        (folder / "install").chmod(0o755)
        progress.update(bar, description="checksums")
        (folder / sums.FILE).write_text(sums.listed(folder), encoding="utf-8")
        progress.update(bar, description="archive")
        half = Path(scratch) / "archive"
        with tarfile.open(half, "w") as archive:
            archive.add(folder, folder.name, filter=_nobodys)
        half.replace(path)
    return Bundle(
        path=path,
        size=path.stat().st_size,
        wheels=len(packages) + 1,
        models=tuple(model.name for model in models),
        debian=debs,
        tuned=tuned,
    )


def _folder(path: Path) -> Path:
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise EnvironmentFault(f"{path.parent} is no folder that can be written: give another with --out")
    return path.parent


def _check_room(path: Path, packages: Iterable[metadata.Distribution], models: Iterable[Path]) -> None:
    files = [str(file.locate()) for package in packages for file in package.files or ()]
    files += [str(file) for model in models for file in model.rglob("*")]
    wanted = SPARE * sum(Path(file).stat().st_size for file in files if Path(file).is_file())
    free = shutil.disk_usage(path.parent).free
    if free < wanted:
        raise EnvironmentFault(
            f"{path.parent} has {free / 1e6:.0f} MB free and the bundle wants {wanted / 1e6:.0f} while it is made: "
            "make room or give another folder with --out"
        )


def _own_wheel(folder: Path) -> Path:
    """Minwon's own: from the clone that it runs from, else as it is installed."""
    own = metadata.distribution(PROJECT)
    if not (_CLONE / "setup.cfg").is_file():
        return write_wheel(own, folder)
    with tempfile.TemporaryDirectory() as copy:
        # From a copy: setuptools would leave its build folder in the clone.
        source = Path(copy) / "source"
        skipped = shutil.ignore_patterns(".*", "node_modules", "tests", "bench", "build", "*.egg-info", "__pycache__")
        shutil.copytree(_CLONE, source, ignore=skipped)
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command += ["--no-build-isolation", "--wheel-dir", str(folder), str(source)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise EnvironmentFault(f"minwon's own wheel can't be built: {done.stderr.strip().splitlines()[-1:]}")
    return next(folder.glob(f"{PROJECT}-*.whl"))


def _copy_tuned(folder: Path) -> bool:
    tuned = Path(sys.prefix) / "lib" / "pjsua2-tuned"
    if not tuned.is_dir():
        return False
    shutil.copytree(tuned, folder / "pjsua2")
    return True


def copy_documents(folder: Path) -> None:
    """The guides of the clone that this runs from, into the bundle's folder; an installed minwon has none."""
    for document in _DOCUMENTS:
        source = _CLONE / document
        if source.is_dir():
            shutil.copytree(source, folder / document)
        elif source.is_file():
            (folder / document).parent.mkdir(exist_ok=True)
            shutil.copy2(source, folder / document)


def _nobodys(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Who packed it is nobody's business."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry


def in_words(bundle: Bundle) -> str:
    """For the terminal."""
    inside = [f"{bundle.wheels} packages"]
    inside += [f"models {', '.join(bundle.models)}"] if bundle.models else []
    why = "left out" if bundle.debian is None else "none could be fetched"
    inside += [f"{bundle.debian} Debian packages"] if bundle.debian else [f"no Debian packages ({why})"]
    inside += ["the tuned pjsua2"] if bundle.tuned else []
    return (
        f"{bundle.path}  {bundle.size / 1e6:.0f} MB: {', '.join(inside)}\n"
        f"On the machine without network:  tar xf {bundle.path.name} && cd {bundle.path.stem} && make install-offline"
    )
