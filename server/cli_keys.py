"""``minwon keys ...``: the master keys under which recordings and secrets are kept."""

from __future__ import annotations

import typer

from core.home import open_home
from core.keyring import new_key
from core.master_keys import key_file, open_keyring, rotate
from server.cli_options import AsJson, ConfigFile, put, settings_of

keys = typer.Typer(no_args_is_help=True, help="The master keys under which recordings and secrets are kept.")


@keys.command("make")
def make() -> None:
    """Print a new key, as a line for `keys.master_file` or the environment; nothing is written."""
    print(new_key().text)


@keys.command("list")
def list_keys(config: ConfigFile = None, json: AsJson = False) -> None:
    """Ids of the keys, the one that seals first; never the keys themselves."""
    settings = settings_of(config)
    ring = open_keyring(settings.keys, open_home(settings.node.home))
    for key_id in ring.ids:
        if json:
            put({"key": key_id, "seals": key_id == ring.newest})
        else:
            print(f"{key_id}  {'seals and opens' if key_id == ring.newest else 'opens'}")


@keys.command("rotate")
def rotate_keys(config: ConfigFile = None) -> None:
    """Put a new key before the others in the key file. It seals from the node's next start on; then run
    `minwon recordings rekey`."""
    settings = settings_of(config)
    home = open_home(settings.node.home)
    key = rotate(settings.keys, home)
    print(f"{key_file(settings.keys, home)}: key {key.id} is the first now. Copy the file to where its copy is kept,")
    print("restart the node, then run: minwon recordings rekey")
