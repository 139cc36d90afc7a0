"""The desk's files: ``agent_assist/web/``, under ``/desk/static/``."""

from __future__ import annotations

from importlib import resources

from core.web.pages import Pages


class DeskPages(Pages):
    """The desk, the sign-in and the administration pages; other rooms' pages take styles and libraries from here."""

    def __init__(self, *, frame_ancestors: str = "'none'") -> None:
        """``frame_ancestors``: who may show the desk in a frame, as CSP writes it (the demo: "'self'")."""
        super().__init__(resources.files("agent_assist") / "web", frame_ancestors=frame_ancestors)
