"""The files of ``records/web/``, under ``/records/static/``; styles, libraries and the frame come from the desk's."""

from __future__ import annotations

from importlib import resources

from core.web.pages import Pages


class RecordsPages(Pages):
    """The office application at ``/records``."""

    def __init__(self) -> None:
        super().__init__(resources.files("records") / "web", sounds=True)
