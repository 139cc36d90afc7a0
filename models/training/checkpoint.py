"""A training that was broken off goes on: everything that a step changes, in one file beside what it will write."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

import jax
import jax.numpy as jnp
import numpy as np

from core.errors import EnvironmentFault

Tree = TypeVar("Tree")


def keep(path: Path, run: Any, step: int, steps: int) -> None:
    """Write the arrays of ``run`` after ``step`` of ``steps`` steps; whole or not at all."""
    arrays: dict[str, Any] = {f"{at:03}": np.asarray(leaf) for at, leaf in enumerate(jax.tree.leaves(run))}
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        np.savez(file, step=step, steps=steps, **arrays)
    draft.rename(path)


def restored(path: Path, run: Tree, steps: int) -> tuple[Tree, int]:
    """The run as it was, and its steps so far; ``run`` as given and 0 where there is no file.

    Raises ``EnvironmentFault`` if the file is broken or of another training.
    """
    if not path.is_file():
        return run, 0
    leaves, form = jax.tree.flatten(run)
    try:
        with path.open("rb") as file, np.load(file) as found:
            arrays = [found[f"{at:03}"] for at in range(len(leaves))]
            step, planned = int(found["step"]), int(found["steps"])
    except (OSError, KeyError, ValueError, BadZipFile) as error:
        raise EnvironmentFault(f"{path} can't be read ({error}); delete it, training begins anew") from error
    if planned != steps or any(array.shape != leaf.shape for array, leaf in zip(arrays, leaves, strict=True)):
        raise EnvironmentFault(f"{path} is of a training with other options; delete it, training begins anew")
    found_run: Tree = jax.tree.unflatten(form, [jnp.asarray(array) for array in arrays])
    return found_run, step
