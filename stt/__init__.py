"""Voice to words: speech gate, engines, decode workers, Korean text."""
