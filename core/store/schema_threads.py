"""Written contacts that came in: texts and pictures, threaded, and who has them. The tables."""

from __future__ import annotations
