"""Time and rights: terms of what is kept, one person's data. Pure."""
