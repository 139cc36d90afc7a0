"""``python -m server``: the same as ``minwon``."""

from server.cli import main

main()
