"""``minwon size`` for people: the table."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape as marked
from rich.table import Table

from server.sizing.plan import HEADROOM, Plan


def table(of: Plan) -> Table:
    """What was asked, what is needed, why."""
    demand, sites = of.demand, of.sites
    rows = Table(show_header=False, box=None, pad_edge=False)
    rows.add_column("", no_wrap=True)
    rows.add_column("", justify="right", no_wrap=True, style="bold")
    rows.add_column("", style="dim", overflow="fold")
    for name, value, why in (
        (
            "calls in the busiest hour",
            f"{of.calls_an_hour:,.0f}",
            f"{demand.busy_share:.0%} of {demand.calls_a_day:,.0f} a day",
        ),
        (
            "traffic to agents",
            f"{of.agent_erlangs:,.1f} erl",
            f"{demand.talk_s:g} s talk + {demand.wrap_up_s:g} s wrap-up",
        ),
        (
            "agents at the telephone",
            f"{of.agents:,}",
            f"Erlang C: {of.meets.level:.1%} within {demand.within_s:g} s (wanted {demand.level:.0%}), "
            f"busy {of.meets.occupancy:.0%} (at most {demand.occupancy:.0%})",
        ),
        ("agents employed", f"{of.staff:,}", f"{demand.shrinkage:.0%} of paid time away from the telephone"),
        ("average wait", f"{of.meets.mean_s:.1f} s", f"{of.meets.waits:.0%} wait at all"),
        (
            "callers who give up",
            f"{of.impatient.abandoned:.2%}",
            f"Erlang A: patience {demand.patience_s:g} s on average; they then wait {of.impatient.mean_s:.1f} s",
        ),
        ("lines", f"{of.lines:,}", f"Erlang B: {of.line_erlangs:,.1f} erl, {demand.blocking:.2%} find all taken"),
        ("cores", f"{sites.cores}", f"{sites.cores_sip:.2f} voices + {sites.cores_speech:.2f} words, x {HEADROOM:g}"),
        ("memory", f"{sites.memory_mb / 1024:.1f} GiB", f"all parts, x {HEADROOM:g}; a larger speech model needs more"),
        (
            "disk",
            f"{sites.disk_gb:,.0f} GB",
            f"{sites.disk_gb_a_day:.2f} GB a day, {demand.keep_days} days; no audio is kept",
        ),
        ("sip.workers", f"{sites.workers}", f"{of.profile.calls_a_worker} calls each at most, never fewer than two"),
        ("RTP ports", f"{sites.rtp_ports:,}", f"UDP; {of.profile.rtp_ports_a_call} a call and more for third parties"),
        ("LimitNOFILE", f"{sites.files:,}", "sockets of all legs"),
    ):
        rows.add_row(name, value, marked(why))
    return rows


def show(of: Plan) -> None:
    """Print the table, and whose figures they are."""
    console = Console(highlight=False)
    console.print(table(of))
    console.print(f"\n[dim]profile {marked(of.profile.name)}: {marked(of.profile.origin)}[/]")
