"""Runs of free ports."""

from __future__ import annotations

import random
import socket

import pytest

from telephony import free_ports
from telephony.free_ports import any_block

HOST = "127.0.0.1"


def test_a_block_with_a_taken_port_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    firsts = iter([21_000, 21_002, 21_010])
    monkeypatch.setattr(random, "randrange", lambda *_: next(firsts))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind((HOST, 21_005))
        assert any_block(HOST, 8) == 21_010


def test_where_all_is_taken_some_block_is_better_than_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(free_ports, "_is_free", lambda *_: False)
    assert any_block(HOST, 100) % 2 == 0
