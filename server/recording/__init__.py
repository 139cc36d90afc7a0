"""Calls as they are recorded: taps on their legs, one writer for all, finishing in the background, the shelf."""
