"""Signing in: local accounts, the second factor, the city's identity provider, sessions, and tokens of programs."""
