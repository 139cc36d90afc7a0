"""Models of engines that we do not run, known by their files: who brings one is told what it is, not what it lacks."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_SIGNS: Final = (
    ("*.gguf", "a model of whisper.cpp or llama.cpp"),
    ("ggml-*.bin", "a model of whisper.cpp"),
    ("model.bin", "a model of faster-whisper (CTranslate2)"),
    ("*.nemo", "a model of NVIDIA NeMo"),
    ("model.safetensors", "a model of Hugging Face Transformers"),
    ("pytorch_model.bin", "a model of Hugging Face Transformers"),
    ("*.pt", "a PyTorch checkpoint"),
    ("*.pth", "a PyTorch checkpoint"),
    ("*.pbmm", "a model of DeepSpeech"),
    ("*.tflite", "a model of TensorFlow Lite"),
    ("final.ext.raw", "a Vosk model that knows speakers, not words"),
)


def kind_of(folder: Path) -> str:
    """'a model of whisper.cpp'; '' for a folder without a sign of any of these."""
    return next((says for pattern, says in _SIGNS if any(folder.glob(pattern))), "")
