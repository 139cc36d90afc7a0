"""Which speech models a configuration means: names are looked up on the home's shelf first, then on the product's."""

from __future__ import annotations

from core.config import Config
from core.home import Home
from models import shelf
from models.shelf import ModelInfo


def found(home: Home, name: str = "") -> ModelInfo:
    """The model of that name or in that folder; '' = the bundled one. Raises ``ModelFault`` with advice."""
    return shelf.find(name, shelves=[home.models])


def uses(config: Config) -> dict[str, list[str]]:
    """Which settings use which model: its name or folder as configured -> 'stt.model', 'languages: en (line 1120)'."""
    using: dict[str, list[str]] = {config.stt.model or shelf.BUNDLED: ["stt.model"]}
    for language in config.languages:
        lines = f" (line {', '.join(language.lines)})" if language.lines else ""
        using.setdefault(language.model, []).append(f"languages: {language.language}{lines}")
    return using
