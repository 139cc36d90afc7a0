"""Speech as a telephone carries it, with known phones: synthesis, voices, rooms, channels, codecs, features."""
