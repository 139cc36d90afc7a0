"""A whole Vosk model folder from its parts: network, lexicon, language model.

Nothing here is atomic: write into a new folder and rename it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from core.errors import ModelFault
from models.kaldi import lookahead, phones
from models.kaldi.acoustic import Layer, acoustic_model
from models.kaldi.fst import Fst, const_bytes
from models.kaldi.lexicon import Lexicon, Vocabulary, ordered, read_lexicon, write_lexicon
from models.kaldi.lookahead import WordGraph, lookahead_bytes, word_graph
from models.kaldi.ngram import NGram
from models.kaldi.ngram_fst import to_fst
from models.kaldi.phone_loop import phone_loop
from models.kaldi.static_graph import static_graph

MFCC_CONF: Final = """\
--sample-frequency=8000
--frame-length=25
--frame-shift=10
--use-energy=false
--num-mel-bins=40
--num-ceps=40
--low-freq=40
--high-freq=-200
--dither=0
--allow-downsample=true
"""
"""The features that the network takes; ``models.training.sound.features`` computes the same."""
MODEL_CONF: Final = """\
--min-active=200
--max-active=3000
--beam=12.0
--lattice-beam=6.0
--acoustic-scale=0.55
--frame-subsampling-factor=3
--frames-per-chunk=12
--endpoint.silence-phones=1
--endpoint.rule2.min-trailing-silence=0.5
--endpoint.rule3.min-trailing-silence=0.75
--endpoint.rule4.min-trailing-silence=1.0
"""
"""How libvosk searches. 12 frames to a chunk show words 0.1 s earlier than its default, at no cost. The network, which
learned frame by frame, is surer than it should be: at a scale of 0.55 the language model has its say. That scale was
chosen by dev.txt (hard sentences: CER 4.4 % at 1.0, 4.1 to 4.4 % below) and heldout.txt (1.0 % at 1.0, 0.1 % at 0.55).
"""
PHONE_LOOP_CONF: Final = """\
--beam=15
--max-active=1000
--lattice-beam=0.1
--acoustic-scale=1.0
"""
"""What a phone loop is searched with instead: scores as the network gives them, and nothing cut off."""
LEXICON: Final = "source/lexicon.tsv.xz"
CLASSES: Final = "source/classes.toml"

Classes = Mapping[str, Sequence[str]]
"""Class -> its words, without particles: 'department' -> '교통행정과', ..."""


class _Class(msgspec.Struct, frozen=True):
    words: list[str]


def write_folder(
    target: Path, *, layers: Sequence[Layer], lexicon: Lexicon, ngram: NGram, classes: Classes | None = None
) -> None:
    """A model with a look-ahead graph, and in ``source/`` what :mod:`models.adapting` starts from."""
    write_acoustics(target, layers)
    vocabulary, entries = ordered(lexicon)
    write_graphs(target, vocabulary, word_graph(vocabulary, entries), to_fst(ngram, vocabulary))
    write_source(target, lexicon, classes or {})


def write_static(target: Path, *, layers: Sequence[Layer], lexicon: Lexicon, ngram: NGram) -> None:
    """A model with one static graph: for small grammars, see :mod:`models.kaldi.static_graph`."""
    write_acoustics(target, layers)
    vocabulary, entries = ordered(lexicon)
    _write_hclg(target, static_graph(word_graph(vocabulary, entries), to_fst(ngram, vocabulary)), vocabulary)


def write_phone_loop(target: Path, layers: Sequence[Layer]) -> None:
    """A model that hears phones, searched wide enough to find the very best way; see ``phone_loop.best_way``."""
    write_acoustics(target, layers)
    (target / "conf/model.conf").write_text(MODEL_CONF + PHONE_LOOP_CONF)
    _write_hclg(target, *phone_loop())


def write_acoustics(target: Path, layers: Sequence[Layer]) -> None:
    """``am/`` and ``conf/``, and what the graph needs to know of phones."""
    for folder in ("am", "conf", "graph/phones", "source"):
        (target / folder).mkdir(parents=True, exist_ok=True)
    (target / "am/final.mdl").write_bytes(acoustic_model(layers))
    (target / "conf/mfcc.conf").write_text(MFCC_CONF)
    (target / "conf/model.conf").write_text(MODEL_CONF)
    (target / "graph/phones/word_boundary.int").write_text(_word_boundaries())


def write_graphs(target: Path, vocabulary: Vocabulary, words: WordGraph, grammar: Fst) -> None:
    """``HCLr.fst``, ``Gr.fst`` and the words that both number alike."""
    (target / "graph/HCLr.fst").write_bytes(lookahead_bytes(words))
    (target / "graph/Gr.fst").write_bytes(const_bytes(grammar))
    (target / "graph/disambig_tid.int").write_text("".join(f"{label}\n" for label in lookahead.DISAMBIGUATION))
    (target / "graph/words.txt").write_text(vocabulary.text(), encoding="utf-8")


def write_source(target: Path, lexicon: Lexicon, classes: Classes) -> None:
    """Lexicon and word classes."""
    write_lexicon(target / LEXICON, lexicon)
    tables = (f"[{name}]\nwords = {json.dumps(list(words), ensure_ascii=False)}\n" for name, words in classes.items())
    (target / CLASSES).write_text("\n".join(tables), encoding="utf-8")


def read_source(folder: Path) -> tuple[dict[str, list[phones.Pronunciation]], dict[str, tuple[str, ...]]]:
    """Lexicon and word classes. Raises ``ModelFault`` where the model was not made by this product."""
    if not (folder / LEXICON).is_file() or not (folder / CLASSES).is_file():
        raise ModelFault(f"{folder} was not made by this product: it holds no lexicon ({LEXICON}, {CLASSES})")
    try:
        classes = msgspec.toml.decode((folder / CLASSES).read_bytes(), type=dict[str, _Class])
    except (OSError, msgspec.DecodeError) as error:
        raise ModelFault(f"{folder / CLASSES} can't be read ({error}); install the model again") from error
    return read_lexicon(folder / LEXICON), {name: tuple(found.words) for name, found in classes.items()}


def _write_hclg(target: Path, graph: Fst, vocabulary: Vocabulary) -> None:
    (target / "graph/HCLG.fst").write_bytes(const_bytes(graph))
    (target / "graph/words.txt").write_text(vocabulary.text(), encoding="utf-8")


def _word_boundaries() -> str:
    lines = []
    for number, phone in enumerate(phones.GRAPH_PHONES, start=1):
        place = "nonword" if phone == phones.SILENCE else phones.PLACES[phone[-1]]
        lines.append(f"{number} {place}\n")
    return "".join(lines)
