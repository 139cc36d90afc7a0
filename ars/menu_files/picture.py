"""A menu as a picture: a tree for the terminal, or SVG for the wall and the web page.

rich.print(tree(menu))
Path("menu.svg").write_text(svg(menu, "en"), "utf-8")
"""

from __future__ import annotations

import rich.tree
from rich.text import Text

from ars.menu_files.outline import Node, outline
from ars.menu_files.picture_svg import svg
from ars.menu_files.picture_words import mark_words, only_words, summary, tree_words
from ars.model import Language, Menu, said

__all__ = ["svg", "tree"]


def tree(menu: Menu, language: Language = "ko") -> rich.tree.Tree:
    """The menu for a terminal. A screen that comes a second time is only named."""
    heading = Text.assemble((said(menu.title, language), "bold"), "  ", (summary(menu, language), "dim"))
    whole = rich.tree.Tree(heading, guide_style="dim")
    for part in outline(menu, language):
        below = whole.add(Text(tree_words(menu, language, part), "bold green"))
        for root in part.roots:
            _grow(below, root, language)
    return whole


def _grow(above: rich.tree.Tree, node: Node, language: Language) -> None:
    below = above.add(_line(node, language))
    for child in node.children:
        _grow(below, child, language)


def _line(node: Node, language: Language) -> Text:
    line = Text()
    if node.key:
        line.append(f"{node.key} ", "bold cyan")
    if node.kind == "again":
        line.append("↩ ", "dim")
    if node.label:
        line.append(f"{node.label} · ", "")
    line.append(node.title, "bold" if node.kind == "screen" else "")
    if node.id:
        line.append(f"  {node.id}", "dim")
    for mark in node.marks:
        line.append(f"  [{mark_words(language, mark)}]", "yellow" if mark[0] == "paid" else "magenta")
    if node.only:
        line.append(f"  ({only_words(language, node.only)})", "yellow")
    return line
