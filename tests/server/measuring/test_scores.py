"""Error rates."""

from __future__ import annotations

import pytest

from server.measuring.scores import Score, score


@pytest.mark.parametrize(
    ("said", "heard", "cer", "wer", "exact"),
    [
        ("여권 어디서 만들어요", "여권 어디서 만들어요", 0.0, 0.0, 100.0),
        ("고장 났어요", "고장났어요", 0.0, 100.0, 100.0),
        ("가나 다라", "가나 다마", 25.0, 50.0, 0.0),
        ("가나다라", "", 100.0, 100.0, 0.0),
        ("가나", "가나 다라 마바", 200.0, 200.0, 0.0),
    ],
)
def test_letters_words_and_sentences(said: str, heard: str, cer: float, wer: float, exact: float) -> None:
    one = score([(said, heard)])
    assert (one.cer, one.wer, one.exact) == (cer, wer, exact)


def test_scores_add_up_by_their_counts() -> None:
    long, short = score([("가" * 90, "가" * 90)]), score([("나" * 10, "")])
    assert (long + short).cer == 10.0
    assert (long + short).sentences == 2
    assert long + short == score([("가" * 90, "가" * 90), ("나" * 10, "")])


def test_nothing_said_is_no_error() -> None:
    assert score([]) == Score()
    assert Score().cer == Score().wer == Score().exact == 0.0
