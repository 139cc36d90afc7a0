"""Debian packages that a machine without network lacks: the synthesiser, with the libraries that it needs."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Final

WANTED: Final = ("espeak-ng",)
_ANYWHERE: Final = frozenset({"required", "important", "standard"})
"""Priorities of packages that every Debian machine has."""
_ALSO_ANYWHERE: Final = ("libc6", "libgcc", "libstdc++", "gcc-")
_FIELD: Final = re.compile(r"^(Package|Priority|Depends): (.*)$", re.MULTILINE)
_TIMEOUT_S: Final = 120


def download(folder: Path) -> list[Path]:
    """Fetch them and what they depend on by ``apt-get download``; [] where there is no apt or it has no network."""
    names = _closure()
    if names:
        # A package that apt can't serve is left out: the installer says what is missing then.
        _ask("apt-get", "download", *names, folder=folder)
    return sorted(folder.glob("*.deb"))


def _closure() -> list[str]:
    """By name. Of alternatives the first counts, as apt takes it; virtual packages are left out."""
    found: list[str] = []
    level = list(WANTED)
    while level:
        below: list[str] = []
        for package in "\n".join(_ask("apt-cache", "show", "--no-all-versions", *level)).split("\n\n"):
            fields = dict(_FIELD.findall(package))
            name = fields.get("Package", "")
            if name and name not in found and fields.get("Priority") not in _ANYWHERE:
                found.append(name)
                below += re.findall(r"(?:^|, )([a-z0-9][a-z0-9.+-]*)", fields.get("Depends", ""))
        level = sorted({name for name in below if name not in found and not name.startswith(_ALSO_ANYWHERE)})
    return found


def _ask(*command: str, folder: Path | None = None) -> list[str]:
    """The lines that it prints; [] where it isn't there or takes too long."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return done.stdout.splitlines()
