"""Recordings of calls: where the encrypted file lies, with which key, and what it holds. The tables."""

from __future__ import annotations
