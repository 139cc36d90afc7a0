"""Who saw, heard, exported or changed what: append-only, hash-chained. The tables."""

from __future__ import annotations
