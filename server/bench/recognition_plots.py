"""The plots of bench ``recognition``. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from core.charts import Axis, Bar, Chart, Curve, round_up, sheet, ticks
from server.bench.recognition_figures import AT_10, AT_20, CURVE, HELD_OUT_ALONE, QUIET, SEEN_ALONE
from server.measuring.measure import Measured, Task

_CLEAN_AT = 40
"""Where on the axis of dB the sentences without noise are drawn."""


def by_noise(found: Measured) -> str:
    """CER over the distance of noise to the voice: all noises mixed, and each by itself where it was measured."""
    quiet = (float(_CLEAN_AT), found.score(QUIET).cer)
    by_kind: dict[str, list[tuple[float, float]]] = {}
    for task in (*CURVE, *AT_20, *AT_10):
        noise, _, snr = task.channel.rpartition("-")
        by_kind.setdefault(noise, []).append((float(snr), found.score(task).cer))
    curves = tuple(Curve(points=tuple(sorted((*points, quiet))), name=noise) for noise, points in by_kind.items())
    high = round_up(max(cer for each in curves for _, cer in each.points))
    snrs = tuple((float(snr), f"{snr} dB") for snr in (0, 10, 20, 30))
    chart = Chart(
        title="CER by noise, the distance to the voice",
        x=Axis(low=0, high=_CLEAN_AT, ticks=(*snrs, (_CLEAN_AT, "no noise")), label="sentences heldout, G.711"),
        y=Axis(low=0, high=high, ticks=ticks(high, " %")),
        curves=curves,
    )
    return sheet((chart,), label="character error rate by noise", foot=f"model {found.model}")


def by_voice(found: Measured) -> str:
    """CER of every voice alone: those that a measuring build never heard, and the others."""
    known = sorted(SEEN_ALONE, key=lambda task: -found.score(task).cer)
    charts = (
        _bars(found, HELD_OUT_ALONE, "CER by held-out voice", named=True),
        _bars(found, known, "CER by other voice"),
    )
    return sheet(charts, label="character error rate by voice", foot=f"model {found.model}")


def _bars(found: Measured, tasks: Sequence[Task], title: str, *, named: bool = False) -> Chart:
    rates = [(task.voices or "plain", found.score(task).cer) for task in tasks]
    high = round_up(max(1.0, *(cer for _, cer in rates)))
    names = tuple((at + 0.5, voice) for at, (voice, _) in enumerate(rates)) if named else ()
    return Chart(
        title=title,
        x=Axis(low=0, high=len(rates), ticks=names),
        y=Axis(low=0, high=high, ticks=ticks(high, " %")),
        bars=tuple(
            Bar(left=at + 0.1, right=at + 0.9, height=cer, title=f"{voice}: {cer:.2f} %")
            for at, (voice, cer) in enumerate(rates)
        ),
    )
