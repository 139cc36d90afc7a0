"""Scripted people for the demo: callers and agents who speak over real SIP, and the command that plays them."""
