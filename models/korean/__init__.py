"""Korean letters, sounds and numbers as rules: how a text is said, in Hangul and in phones.

:mod:`jamo` takes syllables apart, :mod:`respell` writes a text as people say it, :mod:`as_espeak` knows what espeak-ng
says of Hangul, :mod:`pronounce` puts the two together, :mod:`lexicon` collects what a recogniser shall listen for.
"""
