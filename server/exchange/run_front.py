"""``minwon exchange front``: writes, checks, and if wanted runs."""

from __future__ import annotations

import os
from pathlib import Path

from core.config import Config
from core.errors import EnvironmentFault
from server.exchange.front import MAIN, front_of, verify, write
from server.exchange.kamailio import command


def run_front(config: Config, out: Path, *, control: str = "", run: bool = False) -> None:
    """Write the files into ``out`` and say what to do next; with ``run`` this process becomes Kamailio.

    Where Kamailio is not installed (the container that only writes) the files are written unchecked, and that is said.
    """
    front = front_of(config, out, control=control)
    for path in write(front):
        print(path)
    try:
        print(f"checked by kamailio {verify(front.folder)}: it takes them")
    except EnvironmentFault as fault:
        if run or "not installed" not in str(fault):
            raise
        print(f"not checked: {fault}")
    words = command(front.folder / MAIN) if run else []
    if run:
        os.execv(words[0], words)
    sip, where = config.sip, f"{config.front.host}:{config.front.port}"
    tls = f", by TLS to {config.front.host}:{config.front.tls_port}" if config.front.tls_port else ""
    if not sip.fronts:
        print(f'to do: sip.fronts = ["{config.front.host}"], or the workers take the front for an ordinary peer')
    if not sip.proxy:
        print(f'to do: sip.proxy = "sip:{where};lr", so that our own calls leave by it too')
    print(f"run it: kamailio -DD -E -f {front.folder / MAIN}   the exchange sends to {where}{tls}")
