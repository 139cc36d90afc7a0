"""Metrics keep to Prometheus' rules and name no person and no call."""

from __future__ import annotations

import re

from prometheus_client.parser import text_string_to_metric_families

from core import metrics


def test_what_is_counted_is_rendered() -> None:
    metrics.CALLS.labels(reason="caller_hung_up").inc()
    metrics.STT_LATENCY.labels(stage="final").observe(0.75)
    page = metrics.render().decode()
    assert 'minwon_calls_total{reason="caller_hung_up"}' in page
    assert re.search(r'minwon_stt_latency_seconds_bucket\{le="0.8",stage="final"\} [1-9]', page)
    assert "process_resident_memory_bytes" in page
    assert metrics.CONTENT_TYPE.startswith("text/plain")


def test_names_follow_the_rules_of_the_field() -> None:
    families = list(text_string_to_metric_families(metrics.render().decode()))
    ours = [family for family in families if family.name.startswith("minwon_")]
    assert len(ours) > 20
    for family in ours:
        assert family.documentation
        assert family.type in {"gauge", "counter", "histogram", "info"}
        if family.type == "histogram":
            assert family.name.endswith(("_seconds", "_ratio", "_mos"))


def test_no_label_could_hold_a_call_or_a_person() -> None:
    allowed = {
        "reason",
        "result",
        "leg",
        "what",
        "stage",
        "subscription",
        "state",
        "code",
        "language",
        "engine",
        "model",
        "kind",
        "deed",
        "dialect",
        "le",
        "version",
        "why",
        "chosen",
        "answer",
        "outcome",
        "gateway",
    }
    for family in text_string_to_metric_families(metrics.render().decode()):
        for sample in family.samples:
            if sample.name.startswith("minwon_"):
                assert set(sample.labels) <= allowed
