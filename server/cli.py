"""The command line: ``minwon <command>``. Each command reads its options, calls one function, says what came of it.

An error that we have words for is one line on stderr and exit status 1; nothing is left half-done. Rooms are imported
inside the commands: ``minwon --help`` must not load a speech model.
"""

from __future__ import annotations

import asyncio
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from core.config import Config, StatisticsConfig
from core.errors import BadInput, MinwonError
from core.home import open_home
from core.version import VERSION
from server import starting
from server.city_time import live_in
from server.cli_accounts import accounts, token
from server.cli_keys import keys
from server.cli_models import models
from server.cli_options import AsJson, ConfigFile, put, settings_of
from server.cli_recordings import recordings
from server.cli_rights import audit, compare, person, purge
from server.cli_statistics import statistics
from server.cli_vcon import vcon

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="민원 minwon: between a city's telephone exchange and the people who answer for it.",
)
kb = typer.Typer(no_args_is_help=True, help="The consultation database.")
db = typer.Typer(no_args_is_help=True, help="The store of calls and entries.")
ars = typer.Typer(no_args_is_help=True, help="The menu of the visual ARS.")
exchange = typer.Typer(no_args_is_help=True, help="The engineer's kit: what the exchange does, in words and pictures.")
app.add_typer(accounts, name="accounts")
app.add_typer(ars, name="ars")
app.add_typer(audit, name="audit")
app.add_typer(exchange, name="exchange")
app.add_typer(kb, name="kb")
app.add_typer(keys, name="keys")
app.add_typer(recordings, name="recordings")
app.add_typer(db, name="db")
app.add_typer(models, name="models")
app.add_typer(person, name="person")
app.add_typer(statistics, name="statistics")
app.add_typer(token, name="token")
app.command("vcon")(vcon)


def main() -> None:
    """Entry point of the console script."""
    try:
        status = app(standalone_mode=False)
        sys.exit(status if isinstance(status, int) else 0)
    except MinwonError as fault:
        sys.exit(_complain(str(fault)))
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(130)
    except Exception as fault:
        words = getattr(fault, "format_message", None)  # click's own: wrong option, missing argument
        if words is None:
            raise
        sys.exit(_complain(f"{words()} (minwon --help lists what there is)", status=2))


def _complain(message: str, status: int = 1) -> int:
    print(f"minwon: {message}", file=sys.stderr)
    return status


@app.callback(invoke_without_command=True)
def _about(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        print(f"minwon {VERSION}")
        raise typer.Exit


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="One call, then exit.")] = False,
    json: AsJson = False,
    port: Annotated[int | None, typer.Option("--port", metavar="N", help="Port of the desk; default 8090.")] = None,
    lan: Annotated[bool, typer.Option("--lan", help="Other devices of this network may open the pages.")] = False,
) -> None:
    """Scripted real SIP calls on this machine, everything embedded; prints the desk's address and a QR code."""
    starting.begun()
    from server.demo.demo import demo as play

    live_in(StatisticsConfig().timezone)
    raise typer.Exit(asyncio.run(play(once=once, json=json, port=port, lan=lan)))


@app.command()
def run(config: ConfigFile = None, json: AsJson = False) -> None:
    """A node: answers calls until SIGTERM, then lets running calls end."""
    starting.begun()
    from server.run import run as serve

    asyncio.run(serve(settings_of(config, node=True), json=json))


@app.command()
def check(
    config: ConfigFile = None,
    json: AsJson = False,
    firewall: Annotated[bool, typer.Option("--firewall", help="Only the ports that a firewall must let pass.")] = False,
) -> None:
    """What is in force (secrets hidden), what is missing, what to do; status 1 when a node can't run."""
    from server.check import examine, in_words

    if firewall:
        _print_firewall(settings_of(config), json=json)
        return
    report = asyncio.run(examine(settings_of(config)))
    if json:
        put(report)
    else:
        print(in_words(report))
    raise typer.Exit(0 if report.can_run else 1)


def _print_firewall(config: Config, *, json: bool) -> None:
    from server import firewall
    from telephony.sip_build import chosen, rtp_ports

    ports = rtp_ports(config.sip.rtp_ports, config.sip.rtp_port, config.sip.workers, chosen(config.sip.build))
    rules = firewall.rules(config, ports)
    if json:
        put(rules)
    else:
        firewall.show(rules)


@app.command()
def replay(
    files: Annotated[list[Path], typer.Argument(metavar="FILE.wav...")],
    config: ConfigFile = None,
    json: AsJson = False,
    fast: Annotated[bool, typer.Option("--fast", help="As fast as the machine can, not in real time.")] = False,
    engine: Annotated[
        Literal["vosk", "sherpa"] | None, typer.Option(help="The bundled model of this engine, not the configured one.")
    ] = None,
    grammar: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file of the only sentences that are said, one a line.")
    ] = None,
) -> None:
    """The real speech path over WAV files of any rate; stereo = two legs."""
    from server.replay import play

    asyncio.run(play(files, settings_of(config), json=json, fast=fast, engine=engine, grammar=grammar))


@app.command()
def password() -> None:
    """Turn a password into the `password_hash` of an agent in the configuration file."""
    from server.signing_in.passwords import hash_password

    secret = (
        typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        if sys.stdin.isatty()
        else (sys.stdin.readline().rstrip("\n"))
    )
    print(hash_password(secret))


@app.command()
def bench(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="One of them; without it all.")] = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the JSON goes.")] = Path("bench/results"),
    model: Annotated[str, typer.Option("--model", metavar="NAME|DIR", help="Speech model; else stt.model.")] = "",
    config: ConfigFile = None,
) -> None:
    """Measure speed and size on this machine: tables here, JSON and plots under bench/results/."""
    from server import models_here
    from server.bench.run import bench as measure

    settings = settings_of(config)
    asyncio.run(measure(name, out, models_here.found(open_home(settings.node.home), model or settings.stt.model)))


class Copies(StrEnum):
    """What `kb import` does with rows that say the same as others."""

    KEEP = "keep"
    SKIP = "skip"
    REPORT = "report"


class ExportFormat(StrEnum):
    """What `kb export` writes."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


@kb.command("import")
def kb_import(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, TSV, XLSX or JSON; told by its content.")],
    config: ConfigFile = None,
    json: AsJson = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be imported.")] = False,
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=FIELD", help="'제목=title', '#3=body' (third column), '비고=-' (none)."),
    ] = None,
    sheet: Annotated[str, typer.Option("--sheet", metavar="NAME", help="Which sheet of a workbook.")] = "",
    encoding: Annotated[str, typer.Option("--encoding", metavar="NAME", help="utf-8, cp949, utf-16, ...")] = "",
    duplicates: Annotated[
        Copies,
        typer.Option(
            "--duplicates", help="report: import all, tell copies; skip: leave exact ones out; keep: don't look."
        ),
    ] = Copies.REPORT,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE.csv", help="Write every row left out, with its reason.")
    ] = None,
) -> None:
    """Read entries from a table: insert or replace by number, in batches. Broken off, the same command goes on."""
    from server.knowledge import ImportRequest, import_file, in_words, progress_bar

    settings = settings_of(config)
    request = ImportRequest(
        map=tuple(columns or ()),
        sheet=sheet,
        encoding=encoding,
        duplicates=duplicates.value,
        dry_run=dry_run,
        report=report,
    )
    with progress_bar() as follow:
        summary = asyncio.run(
            import_file(file, settings, open_home(settings.node.home), request=request, follow=follow)
        )
    if json:
        put(summary)
    else:
        print(in_words(summary))
    if summary.stopped:
        raise typer.Exit(130)


@kb.command("export")
def kb_export(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Without it: CSV to stdout.")] = None,
    config: ConfigFile = None,
    format: Annotated[ExportFormat | None, typer.Option("--format", help="Without it by the file's extension.")] = None,
) -> None:
    """Write all entries as CSV, XLSX or JSON, in the form that `kb import` reads back to the same entries."""
    from server.knowledge import export_file

    settings = settings_of(config)
    home = open_home(settings.node.home)
    asyncio.run(export_file(file, settings, home, format=format.value if format else None))


@kb.command("suggest")
def kb_suggest(
    utterance: Annotated[str | None, typer.Argument(metavar='"..."')] = None,
    config: ConfigFile = None,
    json: AsJson = False,
    stdin: Annotated[bool, typer.Option("--stdin", help="One utterance per line on stdin.")] = False,
) -> None:
    """The cards that these words would bring; with --stdin one answer per line, in order."""
    from server.knowledge import suggester

    if (utterance is None) is not stdin:
        raise BadInput('give the words as one argument ("...") or --stdin, not both')
    settings = settings_of(config)
    suggest = asyncio.run(suggester(settings, open_home(settings.node.home)))
    for line in sys.stdin if stdin else [utterance or ""]:
        cards = suggest(line.strip())
        if json:
            put({"suggestions": cards})
            continue
        for card in cards:
            print(f"{card.score:4.2f}  {card.id:>6}  {card.title}  {card.department} {card.phone}".rstrip())
        if not cards:
            print("(no card)")


db.command("check")(compare)
db.command("purge")(purge)


@db.command("upgrade")
def db_upgrade(config: ConfigFile = None) -> None:
    """Create the database, or bring it to this version's schema."""
    from server.knowledge import upgrade

    settings = settings_of(config)
    print(asyncio.run(upgrade(settings, open_home(settings.node.home))))


MenuFile = Annotated[str, typer.Argument(metavar="FILE", help="A menu file, or 'hanbit', the sample.")]


@ars.command("check")
def ars_check(
    file: MenuFile,
    json: AsJson = False,
    prompts: Annotated[Path | None, typer.Option("--prompts", metavar="DIR", help="The folder of recordings.")] = None,
) -> None:
    """Mistakes of a menu file with their lines, and what it breaks of the guideline; status 1 when it has errors."""
    from server.menus import check as examine
    from server.menus import in_words

    report = examine(file, prompts)
    if json:
        put(report)
    else:
        print(in_words(report))
    raise typer.Exit(0 if report.usable else 1)


@ars.command("show")
def ars_show(
    file: MenuFile,
    svg: Annotated[str, typer.Option("--svg", metavar="FILE.svg", help="Draw it into a file; - for stdout.")] = "",
    language: Annotated[str, typer.Option("--language", metavar="ko|en|...", help="The words' language.")] = "ko",
) -> None:
    """The menu as a tree in the terminal, or as a picture."""
    from server.menus import show

    show(file, language, svg)


@exchange.command("front")
def exchange_front(
    config: ConfigFile = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where Kamailio will read the files.")] = Path(
        "front"
    ),
    control: Annotated[
        str, typer.Option("--control", metavar="SOCKET", help="Where `kamcmd` finds it, as /run/kamailio/minwon.ctl.")
    ] = "",
    run: Annotated[bool, typer.Option("--run", help="And run it here, until SIGTERM.")] = False,
) -> None:
    """Write the configuration of Kamailio before our SIP workers, and let Kamailio check it (`kamailio -c`)."""
    from server.exchange.run_front import run_front

    run_front(settings_of(config), out, control=control, run=run)


@exchange.command("test")
def exchange_test(
    config: ConfigFile = None,
    json: AsJson = False,
    to: Annotated[
        str, typer.Option("--to", metavar="sip:ECHO", help="An echo number of the exchange; without it our own phone.")
    ] = "",
    svg: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Draw the test call.")] = None,
    numbers: Annotated[bool, typer.Option("--numbers", help="Telephone numbers in the picture too.")] = False,
) -> None:
    """Ask the exchange, register, make a test call; says what is wrong and what to change. Status 1 on a fault."""
    from server.exchange.run_test import run_test

    report = asyncio.run(run_test(settings_of(config), to=to, json=json, svg=svg, numbers=numbers))
    if json:
        put(report)
    raise typer.Exit(0 if report.works else 1)


@exchange.command("watch")
def exchange_watch(
    config: ConfigFile = None,
    json: AsJson = False,
    call: Annotated[
        str, typer.Option("--call", metavar="ID|next", help="One call; 'next' = the next that comes.")
    ] = "",
    svg: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Draw that call.")] = None,
    pcap: Annotated[
        Path | None, typer.Option("--pcap", metavar="FILE", help="That call's packets, with media.")
    ] = None,
    numbers: Annotated[bool, typer.Option("--numbers", help="Show whole telephone numbers.")] = False,
) -> None:
    """Watch the SIP of a running node as a ladder. For the node's user and root alone; its log says who watched."""
    from server.exchange.run_watch import Wish, run_watch

    wish = Wish(call=call, svg=svg, pcap=pcap, json=json, numbers=numbers)
    asyncio.run(run_watch(settings_of(config), wish))


@app.command()
def bundle(
    config: ConfigFile = None,
    json: AsJson = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE|DIR", help="The archive; without it into this folder.")
    ] = None,
    debian: Annotated[bool, typer.Option(help="Carry espeak-ng's Debian packages too (apt fetches them).")] = True,
) -> None:
    """Everything for a machine without any network in one archive: packages, pages, models, guides, checksums."""
    from server import models_here
    from server.bundle.pack import in_words, pack

    home = open_home(settings_of(config).node.home)
    made = pack(out, models_here.brought(home), with_debian=debian)
    if json:
        put(made)
    else:
        print(in_words(made))


@app.command()
def size(
    calls: Annotated[float, typer.Option("--calls", metavar="N", help="Calls a day.")] = 20_000,
    busy_share: Annotated[float, typer.Option("--busy-share", help="Of them in the busiest hour.")] = 0.12,
    talk: Annotated[float, typer.Option("--talk", metavar="S", help="Seconds of talk.")] = 170,
    wrap_up: Annotated[float, typer.Option("--wrap-up", metavar="S", help="Seconds after it.")] = 20,
    menu: Annotated[float, typer.Option("--menu", metavar="S", help="Seconds in the menu before it.")] = 25,
    self_service: Annotated[float, typer.Option("--self-service", help="Share that needs no agent.")] = 0.0,
    level: Annotated[float, typer.Option("--level", help="Share that is answered ...")] = 0.8,
    within: Annotated[float, typer.Option("--within", metavar="S", help="... within so many seconds.")] = 20,
    patience: Annotated[
        float, typer.Option("--patience", metavar="S", help="How long callers wait, on average.")
    ] = 180,
    occupancy: Annotated[float, typer.Option("--occupancy", help="No agent is busier.")] = 0.88,
    shrinkage: Annotated[float, typer.Option("--shrinkage", help="Share of paid time off the telephone.")] = 0.3,
    blocking: Annotated[float, typer.Option("--blocking", help="Share that may find all lines taken.")] = 0.001,
    keep_days: Annotated[int, typer.Option("--keep-days", help="How long words are kept.")] = 365,
    profile: Annotated[str, typer.Option("--profile", metavar="NAME|FILE", help="tuned, wheel, or a file.")] = "tuned",
    results: Annotated[Path | None, typer.Option("--results", metavar="DIR", help="This machine's benches.")] = None,
    json: AsJson = False,
    svg: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Draw agents and the day.")] = None,
) -> None:
    """How many agents, lines, cores and gigabytes, by Erlang C and B. The defaults: a city of 20,000 calls a day."""
    from server.sizing.plan import Demand, plan
    from server.sizing.plot import draw
    from server.sizing.profile import measured, shipped
    from server.sizing.show import show

    demand = Demand(
        calls_a_day=calls,
        busy_share=busy_share,
        talk_s=talk,
        wrap_up_s=wrap_up,
        menu_s=menu,
        self_service=self_service,
        level=level,
        within_s=within,
        patience_s=patience,
        occupancy=occupancy,
        shrinkage=shrinkage,
        blocking=blocking,
        keep_days=keep_days,
    )
    figures = shipped(profile)
    answer = plan(demand, figures if results is None else measured(figures, results))
    if svg is not None:
        svg.write_text(draw(answer), "utf-8")
    if json:
        put(answer)
    else:
        show(answer)
