"""A finished model at its place, whole or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path

from core.errors import BadInput


def check_free(target: Path) -> None:
    """Raises ``BadInput`` if something stands there."""
    if target.exists():
        raise BadInput(f"{target} is there already; take it away (`minwon models remove`) or give --out another name")


def install(model: Path, target: Path) -> None:
    """Put the folder where it shall stand. Raises as ``check_free``."""
    check_free(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(model, draft)
    draft.rename(target)
