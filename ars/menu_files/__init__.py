"""Menus as files: read, checked, linted, drawn, and reloaded when they change."""
