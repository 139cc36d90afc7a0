"""Webhooks going out: other programs are told of what happened, signed, in order, until they have heard it.

It lives in ``server`` and not in ``channels``: that room carries messages to citizens, this tells programs of events of
all rooms, and only the floor above them sees all.
"""
