"""Speech of real people: recordings with transcripts tune a model that has only heard synthetic voices.

The way of the data, one file a step::

    readers -> transcript -> clean -> pack      recordings become telephone audio and words as spoken, or go
    copies                                      each clip several times: other speeds, throats, rooms, lines
    graph -> align                              where each sound lies (Gaussian mixtures, started from synthetic speech)
    finetune                                    cross-entropy, then lattice-free MMI (JAX)
    wording -> export                           words and sentences of the transcripts in lexicon and n-gram
    measuring -> tune                           before and after, on people and on synthetic voices; worse is refused

docs/tuning.md says what to expect of how many hours.
"""
