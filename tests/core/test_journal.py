"""The journal: what was kept comes back, in order, whatever happened in between."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import EnvironmentFault, StoreFault
from core.events import Event, TranscriptFinal
from core.journal import Journal
from core.personal import MASK


def final(seq: int, text: str = "네") -> TranscriptFinal:
    return TranscriptFinal(call_id="c", seq=seq, speaker="caller", utterance="u", start=0, end=1, text=text)


def drain(journal: Journal, limit: int = 200) -> list[Event]:
    found: list[Event] = []
    while (batch := journal.next_batch(limit)) is not None:
        found += batch.events
        journal.done(batch)
    return found


def content(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("events-*.jsonl")))


def test_what_was_kept_comes_back_in_order_and_is_forgotten_when_done(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    events = [final(seq) for seq in range(1, 11)]
    for event in events:
        journal.keep(event)
    assert journal.pending == 10
    first = journal.next_batch(3)
    assert first is not None
    assert list(first.events) == events[:3]
    assert journal.next_batch(3) == first, "not done: the same again"
    journal.done(first)
    assert journal.pending == 7
    assert drain(journal) == events[3:]
    assert (journal.pending, content(tmp_path)) == (0, b"")


def test_the_next_process_finds_what_was_not_done(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    events = [final(seq) for seq in range(1, 6)]
    for event in events:
        journal.keep(event)
    journal.close()
    journal.close()
    again = Journal(tmp_path)
    assert again.pending == 5
    late = final(6)
    again.keep(late)
    assert drain(again) == [*events, late]
    again.close()


@given(
    steps=st.lists(st.one_of(st.just("keep"), st.just("reopen"), st.integers(1, 5)), max_size=60),
    segment_bytes=st.sampled_from([1, 200, 1000, 10**6]),
)
@settings(max_examples=60)
def test_any_order_of_keeping_taking_and_restarting_loses_and_doubles_nothing(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str | int], segment_bytes: int
) -> None:
    folder = tmp_path_factory.mktemp("journal")
    journal = Journal(folder, segment_bytes=segment_bytes)
    kept = 0
    expected: list[int] = []
    for step in steps:
        if step == "keep":
            kept += 1
            journal.keep(final(kept))
            expected.append(kept)
        elif step == "reopen":
            before = len(expected)
            journal.close()
            journal = Journal(folder, segment_bytes=segment_bytes)
            # A restart brings back what was done in a file that still holds other events; the store knows those.
            again = [event.seq for event in drain(journal)]
            assert again[len(again) - before :] == expected
            expected.clear()
        else:
            batch = journal.next_batch(int(step))
            taken = [] if batch is None else [event.seq for event in batch.events]
            assert taken == expected[: len(taken)]
            assert bool(taken) == bool(expected)
            if batch is not None:
                journal.done(batch)
            del expected[: len(taken)]
        assert journal.pending == len(expected)
    assert [event.seq for event in drain(journal)] == expected
    journal.close()


@pytest.mark.parametrize("cut", [1, 20, 100])
def test_a_torn_last_line_is_passed_over(tmp_path: Path, cut: int) -> None:
    journal = Journal(tmp_path)
    journal.keep(final(1))
    journal.keep(final(2))
    journal.close()
    (segment,) = tmp_path.glob("events-*.jsonl")
    segment.write_bytes(segment.read_bytes()[:-cut])
    again = Journal(tmp_path)
    again.keep(final(3))
    assert [event.seq for event in drain(again)] == [1, 3]
    assert content(tmp_path) == b""
    again.close()


def test_a_broken_line_is_set_aside_for_a_person(tmp_path: Path) -> None:
    (tmp_path / "events-00000001.jsonl").write_bytes(b'{"type":"FromTheFuture"}\n\xff\xff\n')
    journal = Journal(tmp_path)
    journal.keep(final(1))
    assert journal.pending == 3
    assert [event.seq for event in drain(journal)] == [1]
    assert journal.pending == 0
    assert (tmp_path / "set-aside.jsonl").read_bytes() == b'{"type":"FromTheFuture"}\n\xff\xff\n'
    journal.close()


def test_beyond_the_limit_events_are_refused_and_counted(tmp_path: Path) -> None:
    journal = Journal(tmp_path, limit_bytes=2000, segment_bytes=500)
    kept = 0
    with pytest.raises(StoreFault, match="bring the database back"):
        for seq in range(1, 100):
            journal.keep(final(seq))
            kept = seq
    assert 5 < kept < 20
    assert len(content(tmp_path)) <= 2000
    assert (journal.pending, journal.refused) == (kept, 1)
    assert len(drain(journal)) == kept
    journal.keep(final(kept + 1))
    assert [event.seq for event in drain(journal)] == [kept + 1]
    journal.close()


def test_a_full_disk_refuses_and_leaves_the_journal_whole(tmp_path: Path) -> None:
    """RLIMIT_FSIZE stands for the full disk: the write that meets it is cut short, as by a real one."""
    script = f"""
import resource
from pathlib import Path
from core.errors import StoreFault
from core.journal import Journal
from tests.core.test_journal import drain, final
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
journal = Journal(Path({str(tmp_path)!r}))
kept = 0
for _ in range(3):
    try:
        while True:
            journal.keep(final(kept + 1))
            kept += 1
    except StoreFault as fault:
        print(fault)
assert journal.refused == 3, journal.refused
seqs = [event.seq for event in drain(journal)]
assert seqs == list(range(1, kept + 1)), seqs
journal.keep(final(99))
assert [event.seq for event in drain(journal)] == [99]
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("free some space on its disk") == 3


def test_a_folder_belongs_to_one_process(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    script = f"""
from pathlib import Path
from core.journal import Journal
Journal(Path({str(tmp_path)!r}))
"""
    command = [sys.executable, "-c", script]
    refused = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert "another minwon runs with" in refused.stderr
    assert EnvironmentFault.__name__ in refused.stderr
    journal.close()
    assert subprocess.run(command, timeout=30, check=False).returncode == 0


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreFault, match="No such file or directory"):
        Journal(tmp_path / "none")


def test_resident_numbers_do_not_reach_the_file(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.keep(final(1, "제 번호는 900101-1234567 입니다"))
    assert b"1234567" not in content(tmp_path)
    assert MASK.encode() in content(tmp_path)
    journal.close()


def test_keeping_is_quick_enough_for_the_loop(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    before = time.perf_counter()
    for seq in range(2000):
        journal.keep(final(seq))
    assert (time.perf_counter() - before) / 2000 < 0.002
    journal.close()
