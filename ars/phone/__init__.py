"""The caller's smartphone: everything that speaks HTTP, and what it draws."""
