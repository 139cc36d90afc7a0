"""Cells of a file that a spreadsheet opens. Pure."""

from __future__ import annotations


def harmless(cell: str) -> str:
    """A spreadsheet takes what begins like this for a formula (OWASP: CSV injection)."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
