"""What to do at an alert, as shipped: the procedure of the law, read once from ``procedures.toml``."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Final

import msgspec

from agent_assist.desk_assist import Procedure


class _Procedures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    procedures: tuple[Procedure, ...]


PROCEDURES: Final[tuple[Procedure, ...]] = msgspec.convert(
    tomllib.loads(files("agent_assist.alerts").joinpath("procedures.toml").read_text(encoding="utf-8")), _Procedures
).procedures
"""One for each kind."""
