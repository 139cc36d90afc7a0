"""Which engine runs a model. Each engine's library is loaded only where one of its models is."""

from __future__ import annotations

from core.errors import ModelFault
from models.shelf import ModelInfo
from stt.contract import Recognizer


def load(info: ModelInfo) -> Recognizer:
    """The loaded model. Raises ``ModelFault``; a C++ library may end the process instead: call it in a child."""
    if info.engine == "vosk":
        from stt.vosk_engine import VoskRecognizer

        return VoskRecognizer(info)
    try:
        from stt import sherpa_engine
    except ImportError as error:
        raise ModelFault(
            f"the speech model {info.name} needs sherpa-onnx, which is not installed: pip install 'minwon[sherpa]'"
        ) from error
    return sherpa_engine.load(info)
