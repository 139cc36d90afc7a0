"""Facts of each contact, and the cells that statistics are summed from. The tables."""

from __future__ import annotations
