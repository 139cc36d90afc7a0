"""Once a second: copy what the parts count into the metrics."""

from __future__ import annotations

PERIOD_S = 1.0
