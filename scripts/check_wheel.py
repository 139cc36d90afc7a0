"""Builds the wheel and checks that it holds every committed file of the packages, and nothing else.

A page, a menu or a model that stays behind is noticed nowhere else: an editable install finds it in the clone.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from zipfile import ZipFile

from check_tree import ROOT, committed_files

PACKAGES = ("agent_assist", "ars", "channels", "core", "models", "records", "server", "stt", "telephony")


def in_clone() -> set[str]:
    """What the wheel should hold."""
    names = {str(path.relative_to(ROOT)) for path in committed_files()}
    return {name for name in names if name.split("/")[0] in PACKAGES}


def in_wheel() -> set[str]:
    """What it does hold; built from a copy, so that nothing is left in the clone."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        for path in committed_files():
            target = source / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
        subprocess.run(
            [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, str(source)], check=True
        )
        (wheel,) = Path(folder).glob("*.whl")
        with ZipFile(wheel) as archive:
            return {name for name in archive.namelist() if name.split("/")[0] in PACKAGES and not name.endswith("/")}


def main() -> int:
    wanted, found = in_clone(), in_wheel()
    for name in sorted(wanted - found):
        print(f"{name}: is not in the wheel; look at MANIFEST.in")
    for name in sorted(found - wanted):
        print(f"{name}: is in the wheel and not in the clone")
    print(f"check_wheel: {len(wanted ^ found)} findings" if wanted != found else "check_wheel: the wheel is whole")
    return 1 if wanted != found else 0


if __name__ == "__main__":
    sys.exit(main())
