"""The tuned model's folder from the base model's, the tuned network and the new words."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from core.errors import ModelFault
from models.kaldi.folder import read_source, write_folder, write_static
from models.kaldi.fst import read_fst
from models.kaldi.lexicon import read_vocabulary
from models.kaldi.ngram import NGram, estimated
from models.kaldi.ngram_fst import from_fst
from models.korean.lexicon import lexicon as pronounced
from models.label import LABEL_FILE, Label, sizes_of, written
from models.training import net
from models.training.people import cmn, wording
from models.training.people.wording import Mixture

NETWORK: Final = "source/network.npz"
CMVN_STATS: Final = "am/global_cmvn.stats"
LABEL: Final = "Tuned on recordings of people: its card says how well it hears people that it never heard before"


def base_network(base: Path) -> Path:
    """The network that tuning starts from. Raises ``ModelFault`` where the model brings none."""
    network = base / NETWORK
    if not network.is_file():
        raise ModelFault(
            f"{base} can't be tuned: it has no {NETWORK}; only models made by `minwon models train` or `tune` can be"
        )
    return network


def write(
    target: Path,
    base: Path,
    network: Path,
    transcripts: Sequence[str],
    text: Sequence[str],
    mixture: Mixture,
) -> str:
    """Write the whole folder anew; says in words what is in it."""
    lexicon, classes = read_source(base)
    ngram = base_ngram(base)
    found = wording.widened_lexicon(lexicon, wording.words_of(transcripts), wording.words_of(text))
    shape, params, state = net.load(network)
    shutil.rmtree(target, ignore_errors=True)
    write_folder(
        target,
        layers=net.layers(params, state, shape),
        lexicon=found,
        ngram=wording.widened_ngram(ngram, transcripts, text, found, mixture),
        classes=classes,
    )
    (target / CMVN_STATS).write_bytes(cmn.global_stats(np.load(network.with_name("global_mean.npy"))))
    shutil.copyfile(network, target / NETWORK)
    label = Label(language="ko", label=LABEL, sizes=sizes_of(target))
    (target / LABEL_FILE).write_text(written(label), encoding="utf-8")
    return f"{len(found):,} words, network of width {shape.width}, {sum(label.sizes.values()) / 1e6:.0f} MB"


def write_closed(target: Path, model: Path, sentences: Sequence[str]) -> None:
    """A model with the network of ``model`` whose words and n-gram are those of a closed list alone, in one graph."""
    shape, params, state = net.load(model / NETWORK)
    words = wording.words_of(sentences)
    lexicon = pronounced(sorted(words), frequent=words)
    shutil.rmtree(target, ignore_errors=True)
    ngram = estimated(sentences, lexicon, min_counts=(1, 1, 1))
    write_static(target, layers=net.layers(params, state, shape), lexicon=lexicon, ngram=ngram)
    shutil.copyfile(model / CMVN_STATS, target / CMVN_STATS)


def base_ngram(base: Path) -> NGram:
    """The n-gram in a model of ours."""
    vocabulary = read_vocabulary((base / "graph/words.txt").read_text(encoding="utf-8"))
    return from_fst(read_fst((base / "graph/Gr.fst").read_bytes()), vocabulary)
