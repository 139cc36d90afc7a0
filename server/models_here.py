"""Which speech models a configuration means: names are looked up on the home's shelf first, then on the product's."""

from __future__ import annotations

from pathlib import Path

from core.config import Config
from core.home import Home
from models import shelf
from models.shelf import ModelInfo


def found(home: Home, name: str = "") -> ModelInfo:
    """The model of that name or in that folder; '' = the bundled one. Raises ``ModelFault`` with advice."""
    return shelf.find(name, shelves=[home.models])


def brought(home: Home) -> list[Path]:
    """The folders of usable models on the home's shelf: those that were fetched, imported or made here."""
    usable = {info.path for info in shelf.installed(shelves=[home.models])}
    folders = shelf.folders(shelves=[home.models])
    return [folder for folder in folders if folder.parent == home.models and folder.resolve() in usable]


def uses(config: Config) -> dict[str, list[str]]:
    """Which settings use which model: its name or folder as configured -> 'stt.model', 'languages: en (line 1120)'."""
    using: dict[str, list[str]] = {config.stt.model or shelf.BUNDLED: ["stt.model"]}
    for language in config.languages:
        lines = f" (line {', '.join(language.lines)})" if language.lines else ""
        using.setdefault(language.model, []).append(f"languages: {language.language}{lines}")
    return using
