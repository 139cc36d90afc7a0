"""``python -m server.api [FOLDER]``: write the documents, by default into ``docs/api``."""

from __future__ import annotations

import sys
from pathlib import Path

from server.api.documents import documents


def main(arguments: list[str]) -> None:
    """Write both."""
    folder = Path(arguments[0]) if arguments else Path("docs/api")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in documents().items():
        (folder / name).write_text(text, encoding="utf-8")
        print(folder / name)


if __name__ == "__main__":
    main(sys.argv[1:])
