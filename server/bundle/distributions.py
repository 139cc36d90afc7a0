"""Which installed packages minwon needs, and each of them as a wheel again.

A bundle carries what runs here, not what an index would serve today: nothing is downloaded, and every file is checked
against the hash that its wheel recorded (PyPA, 'Recording installed projects').
"""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from core.errors import EnvironmentFault

_OF_THIS_MACHINE: Final = frozenset({"INSTALLER", "REQUESTED", "direct_url.json", "RECORD"})
"""What pip adds when it installs."""


def needed(own: metadata.Distribution, extras: Sequence[str]) -> list[metadata.Distribution]:
    """Every package that ``own`` with these extras imports, without itself, by name.

    Raises ``EnvironmentFault`` where one of them is not installed.
    """
    seen: dict[str, frozenset[str]] = {}
    found: dict[str, metadata.Distribution] = {}
    todo = [(asked.name, frozenset(asked.extras)) for asked in _asks(own, frozenset(extras))]
    while todo:
        name, wanted = todo.pop()
        key = canonicalize_name(name)
        if key in seen and wanted <= seen[key]:
            continue
        seen[key] = seen.get(key, frozenset()) | wanted
        try:
            found[key] = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            raise EnvironmentFault(f"the package {name} is not installed: pip install '{name}', then again") from None
        todo += ((asked.name, frozenset(asked.extras)) for asked in _asks(found[key], seen[key]))
    return [found[key] for key in sorted(found)]


def _asks(distribution: metadata.Distribution, extras: frozenset[str]) -> Iterator[Requirement]:
    for line in distribution.requires or ():
        asked = Requirement(line)
        if asked.marker is None or any(asked.marker.evaluate({"extra": extra}) for extra in extras or {""}):
            yield asked


def inside(wheel: Path) -> metadata.Distribution:
    """What a wheel file says of itself."""
    info = next(entry for entry in zipfile.Path(wheel).iterdir() if entry.name.endswith(".dist-info"))
    return metadata.PathDistribution(info)


def wheel_name(distribution: metadata.Distribution) -> str:
    """The file name of its wheel: name, version, and the tags that its ``WHEEL`` file lists."""
    lines = (distribution.read_text("WHEEL") or "").splitlines()
    tags = [line.partition(":")[2].strip().split("-") for line in lines if line.startswith("Tag:")]
    if not tags:
        raise EnvironmentFault(
            f"{distribution.name} was not installed from a wheel and can't be carried: install it again by pip"
        )
    parts = (".".join(dict.fromkeys(tag[at] for tag in tags)) for at in range(3))
    return "-".join((canonicalize_name(distribution.name).replace("-", "_"), distribution.version, *parts)) + ".whl"


def write_wheel(distribution: metadata.Distribution, folder: Path) -> Path:
    """Pack the installed files into a wheel. Raises ``EnvironmentFault`` where one is missing or was changed."""
    target = folder / wheel_name(distribution)
    record: list[str] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as wheel:
        for file in distribution.files or ():
            name = file.as_posix()
            # Programs are made anew from the entry points, man pages and headers are nobody's need at city hall.
            if name.startswith("..") or "__pycache__" in name or file.name in _OF_THIS_MACHINE:
                continue
            data = _checked(distribution, file)
            record.append(f"{name},sha256={_digest(data)},{len(data)}")
            wheel.writestr(name, data)
        record_name = f"{_info_folder(distribution)}/RECORD"
        wheel.writestr(record_name, "".join(f"{line}\n" for line in (*record, f"{record_name},,")))
    return target


def _info_folder(distribution: metadata.Distribution) -> str:
    return next(
        file.parent.as_posix()
        for file in distribution.files or ()
        if file.name == "METADATA" and file.parent.name.endswith(".dist-info")
    )


def _checked(distribution: metadata.Distribution, file: metadata.PackagePath) -> bytes:
    try:
        data = file.read_binary()
    except OSError as fault:
        raise EnvironmentFault(
            f"{distribution.name}: {file} can't be read ({fault.strerror}); install the package again"
        ) from fault
    if file.hash is not None and file.hash.mode == "sha256" and file.hash.value != _digest(data):
        raise EnvironmentFault(f"{distribution.name}: {file} was changed since it was installed; install it again")
    return data


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
