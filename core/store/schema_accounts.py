"""Accounts, sessions, second factors, and tokens of programs. The tables."""

from __future__ import annotations
