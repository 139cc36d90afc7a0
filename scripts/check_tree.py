"""Checks what no other tool looks at: the committed files as a whole.

* No file names a package registry or a path of somebody's machine: a clone must work with any mirror, anywhere.
* README.md and README.ko.md have the same sections in the same order.
* Links of pages to files of the clone lead somewhere.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Written in pieces, so that this file does not find itself.
REGISTRIES = (
    "py" + r"pi\.org",
    "python" + r"hosted\.org",
    "registry" + r"\.npmjs",
    "(extra-)?index" + "-url",
    '"resolved"' + ": *",
)
PLACES = (r"(?<![\w.$}/-])/(work|root/\.\w+|home/[a-z0-9_]+|Users/\w+|tmp/venv)(?=/)", "file:" + "///")
FORBIDDEN = {
    "a package registry": re.compile("|".join(REGISTRIES)),
    "a path of somebody's machine": re.compile("|".join(PLACES)),
}
HEADING = re.compile(r"^(#{2,3}) +\S", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s:]+)(?:#[^)]*)?\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def committed_files() -> list[Path]:
    """Files under version control, or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def forbidden_words(path: Path) -> Iterator[str]:
    """One line of advice for each forbidden word in a text file; binary files are passed over."""
    content = path.read_bytes()
    if b"\0" in content:
        return
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
        for what, pattern in FORBIDDEN.items():
            if found := pattern.search(line):
                yield f"{path.relative_to(ROOT)}:{number}: names {what} ({found.group()}); take it out"


def sections(path: Path) -> list[str]:
    """The levels of a page's headings, in order; their words differ by language."""
    return HEADING.findall(FENCE.sub("", path.read_text(encoding="utf-8")))


def uneven_readmes() -> Iterator[str]:
    """The two READMEs say the same, section for section."""
    english, korean = sections(ROOT / "README.md"), sections(ROOT / "README.ko.md")
    if english != korean:
        yield f"README.md has the sections {english}, README.ko.md {korean}: give both the same"


def dead_links(page: Path) -> Iterator[str]:
    """Links and pictures of a page whose file is not in the clone."""
    for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if not (page.parent / target).exists():
            yield f"{page.relative_to(ROOT)}: links to {target}, which does not exist"


def main() -> int:
    files = committed_files()
    findings = [finding for path in files for finding in forbidden_words(path)]
    findings += [finding for path in files if path.suffix == ".md" for finding in dead_links(path)]
    findings += uneven_readmes()
    for finding in findings:
        print(finding)
    print(f"check_tree: {len(findings)} findings" if findings else "check_tree: the tree is clean")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
