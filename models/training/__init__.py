"""Making speech models: from text to a verified folder, on one machine and without a network.

Its heavy packages (JAX, SciPy, kaldi-native-fbank ...) come with ``pip install 'minwon[training]'``; nothing outside of
this package imports them. ``build`` is the way in.
"""
