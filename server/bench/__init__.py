"""Measurements of speed and size: ``minwon bench``. One file a bench; ``run.py`` lists them."""
