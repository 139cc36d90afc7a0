"""What belongs to texts that go out: templates, opt-outs, rules, what was asked to be sent later. The tables."""

from __future__ import annotations
