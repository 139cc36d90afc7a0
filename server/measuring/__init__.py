"""How well a speech model hears: test sets x voices x telephone channels, through the decode workers of real calls.

Synthetic voices say the test sentences (espeak-ng, a program), numpy is the telephone network, a child process decodes.
Nothing here needs the packages of training. What speaks and what disturbs was written apart from what the models are
trained with, so that a model is not praised for knowing its own noise. Start with ``measure.py``.
"""
