"""What this machine has for training: the packages, and a GPU."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from core.errors import EnvironmentFault

_PACKAGES: Final = ("jax", "optax", "kaldi_native_fbank", "soundfile")


def check_packages() -> None:
    """Raises ``EnvironmentFault`` when the packages of training are not installed; nothing heavy is loaded."""
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    if missing:
        raise EnvironmentFault(f"training needs more packages ({', '.join(missing)}): pip install 'minwon[training]'")


def has_gpu() -> bool:
    """Whether JAX finds one. Raises as ``check_packages``."""
    check_packages()
    import jax

    return bool(jax.default_backend() != "cpu")
