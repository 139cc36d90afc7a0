"""The texts that models are trained on: a grammar of civil-affairs calls, its words, ways of saying them."""

from models.training.text.lexicon import full_lexicon
from models.training.text.pieces import MARK, UNKNOWN, pieces, spell
from models.training.text.saying import as_spoken, disfluent
from models.training.text.sentences import in_pieces, lm_sentences, training_sentences
from models.training.text.sources import excluded, squeezed
from models.training.text.vocabulary import classes, vocabulary

__all__ = [
    "MARK",
    "UNKNOWN",
    "as_spoken",
    "classes",
    "disfluent",
    "excluded",
    "full_lexicon",
    "in_pieces",
    "lm_sentences",
    "pieces",
    "spell",
    "squeezed",
    "training_sentences",
    "vocabulary",
]
