"""What ``minwon check`` says of the master keys. Makes none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from core.config import KeysConfig
from core.errors import KeyFault
from core.home import Home
from core.master_keys import key_file, open_keyring

State = Literal["ok", "note"]


def key_findings(config: KeysConfig, home: Home) -> Iterator[tuple[State, str]]:
    """A node without keys runs: its calls are not recorded."""
    path = key_file(config, home)
    own = not config.master and not config.master_file
    if own and not path.exists():
        yield "note", f"no master key yet: one is made in {path} at the first start; or set keys.master_file"
        return
    try:
        ring = open_keyring(config, home)
    except KeyFault as fault:
        yield "note", f"{fault}; until then no call is recorded, and second factors do not work"
        return
    older = f", {len(ring.ids) - 1} older" if len(ring.ids) > 1 else ""
    where = "the environment" if config.master else path
    if own:
        advice = "beside what it locks: keep a copy elsewhere, better move it to keys.master_file on another disk"
        yield "note", f"master key {ring.newest}{older} lies in {where}, {advice}"
    else:
        yield "ok", f"master key {ring.newest}{older}, from {where}"
