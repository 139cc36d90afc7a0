"""``minwon models <command>``: the shelf of speech models. Each command reads its options and calls one function."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from core.home import open_home
from server.cli_options import AsJson, ConfigFile, put, settings_of

if TYPE_CHECKING:
    from models.shelf import ModelInfo

models = typer.Typer(no_args_is_help=True, help="The shelf of speech models.")

Untried = Annotated[
    bool, typer.Option("--untried", help="Don't let the engine load it: on a machine that only passes it on.")
]
ModelName = Annotated[str, typer.Argument(metavar="NAME", help="As `minwon models list` names it, or a folder.")]


def _try_out(untried: bool) -> Callable[[ModelInfo], None]:
    from stt.trial import try_out

    return (lambda info: None) if untried else try_out


@models.command("list")
def models_list(config: ConfigFile = None, json: AsJson = False) -> None:
    """The speech models on this machine, and those that can be fetched."""
    from server.shelf_list import in_words, rows

    settings = settings_of(config)
    found = rows(settings, open_home(settings.node.home))
    if json:
        for row in found:
            put(row)
    else:
        print(in_words(found, shutil.get_terminal_size((120, 24)).columns))


@models.command("fetch")
def models_fetch(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As `minwon models list` names it.")],
    config: ConfigFile = None,
    url: Annotated[str, typer.Option("--url", help="Another place that has the same archive: a mirror.")] = "",
    untried: Untried = False,
    json: AsJson = False,
) -> None:
    """Bring a model of the catalogue from its makers. Broken off, the same command goes on."""
    from models.catalog import offer
    from models.stocking.fetch import fetch
    from server.shelf_progress import showing

    home = open_home(settings_of(config).node.home)
    with showing() as tell:
        fetched = fetch(offer(name), home.models, tell=tell, try_out=_try_out(untried), url=url)
    if json:
        put(fetched)
    else:
        print(f"{name} {'was there already' if fetched.already else 'is there'}: {fetched.info.path}")


@models.command("import")
def models_import(
    source: Annotated[Path, typer.Argument(metavar="FILE|FOLDER", help="zip, tar.gz, tar.bz2, tar.xz or a folder.")],
    config: ConfigFile = None,
    name: Annotated[str, typer.Option("--name", help="What it shall be called; without it as it calls itself.")] = "",
    language: Annotated[str, typer.Option("--language", metavar="CODE", help="Where it does not say: 'vi'.")] = "",
    untried: Untried = False,
    json: AsJson = False,
) -> None:
    """Put a model on the shelf that was brought by hand: for buildings without internet."""
    from models.stocking.bring import bring
    from server.shelf_progress import showing

    home = open_home(settings_of(config).node.home)
    with showing() as tell:
        info = bring(source, home.models, tell=tell, try_out=_try_out(untried), name=name, language=language)
    if json:
        put(info)
    else:
        print(f"{info.name} is there: {info.path}")


@models.command("export")
def models_export(
    name: ModelName,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Ends in .tar.xz, .tar.gz, .tar.bz2 or .zip.")],
    config: ConfigFile = None,
) -> None:
    """Write a model into one file with its checksums, to be carried to another machine."""
    from models.stocking.export import export
    from server import models_here
    from server.shelf_progress import showing

    info = models_here.found(open_home(settings_of(config).node.home), name)
    with showing() as tell:
        export(info, file, tell=tell)
    print(f"{file}: {info.name}, {file.stat().st_size / 1e6:.1f} MB; there: minwon models import {file.name}")


@models.command("verify")
def models_verify(name: ModelName, config: ConfigFile = None, json: AsJson = False) -> None:
    """Load a model in a child process, let it hear a sentence, say what it heard, how fast and at how much memory."""
    from server import models_here
    from server.shelf_verify import in_words, verify

    verified = verify(models_here.found(open_home(settings_of(config).node.home), name))
    if json:
        put(verified)
    else:
        print(in_words(verified))


@models.command("remove")
def models_remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As `minwon models list` names it.")],
    config: ConfigFile = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
) -> None:
    """Delete a fetched or imported model that no setting uses."""
    from server.shelf_remove import removable, remove

    settings = settings_of(config)
    folder = removable(name, settings, open_home(settings.node.home))
    if not yes:
        typer.confirm(f"Delete {folder}?", abort=True, err=True)
    remove(folder)
    print(f"{name} is deleted")


@models.command("train")
def models_train(
    config: ConfigFile = None,
    out: Annotated[str, typer.Option("--out", metavar="NAME", help="Its name on the shelf, or a folder.")] = "",
    work: Annotated[Path | None, typer.Option("--work", metavar="DIR", help="Where steps keep what they made.")] = None,
    smoke: Annotated[bool, typer.Option("--smoke", help="A few minutes, to see that the chain holds.")] = False,
    hold_out_voices: Annotated[
        bool, typer.Option("--hold-out-voices", help="Keep ten voices from it, for honest figures.")
    ] = False,
    speech: Annotated[
        Path | None, typer.Option("--speech", metavar="DIR", help="Recordings of people, learned from as well.")
    ] = None,
    network: Annotated[
        Path | None, typer.Option("--network", metavar="FILE", help="A trained network (.npz): words and graph only.")
    ] = None,
    hours: Annotated[float, typer.Option("--hours", help="Of synthetic speech; 0 = as the plan has it.")] = 0.0,
    epochs: Annotated[float, typer.Option("--epochs", help="0 = as the plan has it.")] = 0.0,
    width: Annotated[int, typer.Option("--width", help="Of the network; 0 = as the plan has it.")] = 0,
    jobs: Annotated[int, typer.Option("--jobs", help="Processes that speak; 0 = one a core.")] = 0,
    seed: Annotated[int, typer.Option("--seed", help="The same one makes the same model.")] = 1,
    stop_after: Annotated[str, typer.Option("--stop-after", metavar="STEP", help="Leave the rest for later.")] = "",
) -> None:
    """Make a Korean model from nothing: speech of a synthesiser, a network, words, graph, checks, card. Resumable."""
    from server.training import Wanted, train

    wanted = Wanted(
        out=out,
        work=work,
        smoke=smoke,
        hold_out_voices=hold_out_voices,
        hours=hours,
        epochs=epochs,
        width=width,
        jobs=jobs,
        seed=seed,
        stop_after=stop_after,
        network=network,
        speech=speech,
    )
    print(train(wanted, open_home(settings_of(config).node.home)))


@models.command("adapt")
def models_adapt(
    out: Annotated[str, typer.Option("--out", metavar="NAME", help="Its name on the shelf.")],
    model: Annotated[str, typer.Argument(metavar="MODEL", help="Name or folder; without it the one in use.")] = "",
    words: Annotated[
        Path | None, typer.Option("--words", metavar="FILE", help="A word a line: 'word' or 'word TAB class'.")
    ] = None,
    kb: Annotated[bool, typer.Option("--kb", help="Departments, people and entries of the database.")] = False,
    config: ConfigFile = None,
    measure: Annotated[bool, typer.Option(help="Speak sentences with the new names to both models.")] = True,
    json: AsJson = False,
) -> None:
    """Put the city's own words into a copy of a model of ours: no training, under a minute."""
    from server import models_here
    from server.adapting import adapt, in_words, showing
    from server.city_words import gathered

    settings = settings_of(config)
    home = open_home(settings.node.home)
    info = models_here.found(home, model or settings.stt.model)
    city = asyncio.run(gathered(words, settings.store.url if kb else None, home))
    with showing() as steps:
        done = adapt(info, city, home.models, out, steps, measure=measure)
    if json:
        put(done)
    else:
        print(in_words(done))


@models.command("tune")
def models_tune(
    speech: Annotated[
        Path | None, typer.Option("--speech", metavar="DIR", help="Recordings with their transcripts.")
    ] = None,
    base: Annotated[str, typer.Option("--base", metavar="MODEL", help="Name or folder; without it the bundled.")] = "",
    out: Annotated[str, typer.Option("--out", metavar="NAME", help="Its name on the shelf, or a folder.")] = "ko-tuned",
    config: ConfigFile = None,
    text: Annotated[
        Path | None, typer.Option("--text", metavar="FILE", help="Text of the domain: lines, or a table (.csv).")
    ] = None,
    check: Annotated[
        list[Path] | None, typer.Option("--check", metavar="DIR", help="Recordings that are only measured on; again.")
    ] = None,
    work: Annotated[Path | None, typer.Option("--work", metavar="DIR", help="Where steps keep what they made.")] = None,
    hours: Annotated[float, typer.Option("--hours", min=0, help="Of speech to learn from at most; 0 = all.")] = 0.0,
    steps: Annotated[int, typer.Option("--steps", min=0, help="Of training; 0 = by the hours.")] = 0,
    copies: Annotated[int, typer.Option("--copies", min=0, help="Of each recording; 0 = by the hours.")] = 0,
    times: Annotated[int, typer.Option("--times", min=1, help="So many times as wide as the base network.")] = 2,
    weight: Annotated[
        float, typer.Option("--weight", min=0, max=1, help="Of the transcripts in the language model.")
    ] = 0.5,
    text_weight: Annotated[float, typer.Option("--text-weight", min=0, max=1, help="Of the domain's text.")] = 0.3,
    synthetic: Annotated[
        Path | None, typer.Option("--synthetic", metavar="DIR", help="Shards of `train`'s step speech, if there are.")
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", min=0, help="Processes; 0 = one a core.")] = 0,
    stop_after: Annotated[str, typer.Option("--stop-after", metavar="STEP", help="read, speech, align ... card.")] = "",
    resume: Annotated[bool, typer.Option("--resume", help="All as it was begun in --work, maybe elsewhere.")] = False,
) -> None:
    """Tune a model of ours on recordings of real people, measure it before and after; a worse one is refused."""
    from models.training.people.wording import Mixture
    from server.tuning import Wanted, run

    wanted = Wanted(
        speech=speech,
        base=base,
        out=out,
        work=work,
        text=text,
        checks=tuple(check or ()),
        synthetic=synthetic,
        hours=hours,
        steps=steps,
        copies=copies,
        times=times,
        mixture=Mixture(transcripts=weight, text=text_weight),
        jobs=jobs,
        stop_after=stop_after,
        resume=resume,
    )
    print(run(wanted, open_home(settings_of(config).node.home), print))
