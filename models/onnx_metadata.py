"""What an ONNX file says of itself, read without onnxruntime: the metadata that sherpa-onnx goes by.

An ONNX file is one protobuf message, ``ModelProto`` (onnx/onnx.proto): field 1 ``ir_version``, field 7 ``graph``
(nearly all of the file, stepped over here), field 14 ``metadata_props``, each with key (1) and value (2). Walking the
outer fields also shows a file that is cut off, or no ONNX file at all, before a C++ library is asked to load it.
"""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import Final

from core.errors import ModelFault
from models.protobuf import NoMessage, fields

_IR_VERSION: Final = 1
_METADATA_PROPS: Final = 14
_KNOWN: Final = frozenset({*range(1, 9), 14, 20, 25, 26})
"""The fields of ``ModelProto``: anything else at the outermost level is another kind of file."""


def metadata(path: Path) -> dict[str, str]:
    """The model's metadata. Raises ``ModelFault`` when the file is cut off or no ONNX file."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _metadata(data)
    except (OSError, ValueError) as error:  # ValueError: mmap of an empty file
        raise ModelFault(f"{path} is empty or can't be read; fetch or unpack the model again") from error
    except (NoMessage, UnicodeDecodeError) as error:
        raise ModelFault(f"{path} is no ONNX file, or cut off; fetch or unpack the model again") from error


def _metadata(data: mmap.mmap) -> dict[str, str]:
    found: dict[str, str] = {}
    seen_version = False
    for field, start, end in fields(data, 0, len(data)):
        if field not in _KNOWN:
            raise NoMessage
        seen_version = seen_version or field == _IR_VERSION
        if field == _METADATA_PROPS:
            pair = {inner: data[a:b].decode() for inner, a, b in fields(data, start, end)}
            found[pair.get(1, "")] = pair.get(2, "")
    if not seen_version:
        raise NoMessage
    return found
