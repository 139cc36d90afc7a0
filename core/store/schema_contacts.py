"""The counselling record: one per contact, whatever the channel, and the index that finds it. The tables."""

from __future__ import annotations
