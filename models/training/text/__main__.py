"""``python -m models.training.text [FILE ...]``: what the grammar says, and how much of texts the vocabulary knows.

Of the test texts only counts are shown: who mends for their words measures nothing with them any more.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from models.korean.jamo import is_hangul
from models.training.text.saying import as_spoken
from models.training.text.sentences import in_pieces, training_sentences
from models.training.text.sources import grammar
from models.training.text.vocabulary import vocabulary

_SAMPLES = 20
_MEASURED = ("heldout", "handwritten", "blind", "blind2")


def main(files: Sequence[str]) -> None:
    """Prints samples, then a line for each text: words, unknown ones in percent; of a file's a few in pieces."""
    rng = random.Random()
    print(f"{grammar().alternatives:,} alternatives, {len(vocabulary()):,} whole words\n")
    for sentence in training_sentences(_SAMPLES, rng.randrange(10**6)):
        print(f"{sentence}\n    said: {as_spoken(sentence, rng)}\n    read: {in_pieces(sentence)}")
    print()
    folder = resources.files(__package__)
    texts = {name: folder.joinpath(f"{name}.txt").read_text("utf-8") for name in _MEASURED}
    for name, text in {**texts, **{file: Path(file).read_text("utf-8") for file in files}}.items():
        words = [word for word in text.split() if is_hangul(word)]
        unknown = [word for word in words if word not in vocabulary()]
        print(f"{name}: {len(words):,} words, {100 * len(unknown) / len(words):.1f} % unknown", end="")
        print("" if name in texts or not unknown else ": " + ", ".join(in_pieces(word) for word in unknown[:8]))


if __name__ == "__main__":
    main(sys.argv[1:])
