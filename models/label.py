"""What stands on a speech model: ``label.toml`` in its folder, and a card for people to read."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

import msgspec

from core.errors import ModelFault

LABEL_FILE: Final = "label.toml"
CARD_FILE: Final = "CARD.md"
"""How a model of ours was made and what was measured of it."""
MANY: Final = "mul"
"""The language of a model that hears several (ISO 639-2)."""

Engine = Literal["vosk", "sherpa"]
"""Which of our engines runs a model."""


class Label(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands on the model."""

    language: str = ""
    """BCP 47: 'ko'; 'mul' = several; '' = nobody said."""
    label: str = ""
    """One honest sentence about what it is good for."""
    engine: Engine = "vosk"
    """Who runs it."""
    kind: str = ""
    """How the engine must take it: of sherpa-onnx 'wenet_ctc', 'zipformer2_ctc', 'transducer' (streaming) or
    'sense_voice', 'whisper', 'moonshine', 'zipformer' (whole utterances); '' = there is but one way."""
    sizes: dict[str, int] = {}
    """Bytes of its files, as shipped."""


def read_label(folder: Path) -> Label | None:
    """The label of the model in that folder; None when it has none. Raises ``ModelFault`` when it can't be read."""
    file = folder / LABEL_FILE
    if not file.exists():
        return None
    try:
        return msgspec.toml.decode(file.read_bytes(), type=Label)
    except (msgspec.DecodeError, OSError, UnicodeDecodeError) as error:
        raise ModelFault(f"{file} can't be read: {error}; install the model again or delete that file") from error


def sizes_of(folder: Path) -> dict[str, int]:
    """What a label watches over: bytes of all files but its own and the card's."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file() and file.name not in (CARD_FILE, LABEL_FILE))
    return {file.relative_to(folder).as_posix(): file.stat().st_size for file in files}


def written(label: Label) -> str:
    """The label as its file: what is not the default."""
    lines = [
        f"{name} = {msgspec.json.encode(value).decode()}"
        for name in ("language", "label", "engine", "kind")
        if (value := getattr(label, name)) not in ("", "vosk")
    ]
    if label.sizes:
        sizes = (f"{msgspec.json.encode(name).decode()} = {size}" for name, size in label.sizes.items())
        lines += ["", "[sizes]", *sizes]
    return "\n".join(lines) + "\n"
