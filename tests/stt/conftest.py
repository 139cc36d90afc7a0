"""Fixtures of the speech tests."""

from __future__ import annotations

import pytest

from models import shelf


@pytest.fixture(scope="session")
def model() -> shelf.ModelInfo:
    """The bundled model."""
    return shelf.find()
