"""``minwon models <command>``: the shelf of speech models. Each command reads its options and calls one function."""

from __future__ import annotations

import typer

from server.cli_options import AsJson, put

models = typer.Typer(no_args_is_help=True, help="The shelf of speech models.")


@models.command("list")
def models_list(json: AsJson = False) -> None:
    """The speech models on this machine."""
    from models.shelf import installed

    for info in installed():
        if json:
            put(info)
        else:
            print(f"{info.name}  {info.language}  {info.rate} Hz  {info.path}\n    {info.label}")
