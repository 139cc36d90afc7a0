"""Tests of training compile every program once and run it a few times: less optimisation is three times quicker."""

from __future__ import annotations

import os

os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0")
