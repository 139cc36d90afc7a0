"""The adapters that the configuration has secrets for."""

from __future__ import annotations

from channels.inbox.incoming import Adapter
from channels.inbox.ours import OurAdapter
from channels.inbox.sinch import SinchAdapter
from core.config import InboxConfig
from core.errors import ConfigError
from core.webhook_signature import key_of


def open_adapters(config: InboxConfig) -> tuple[Adapter, ...]:
    """None without a secret: an unsigned webhook is never taken. ``ConfigError`` for a broken one."""
    adapters: list[Adapter] = []
    if keys := _keys("secret", config.secret):
        adapters.append(OurAdapter(keys))
    if keys := _keys("sinch_secret", config.sinch_secret):
        adapters.append(SinchAdapter(keys))
    return tuple(adapters)


def _keys(name: str, secrets: str) -> tuple[bytes, ...]:
    try:
        return tuple(key_of(secret) for secret in secrets.split())
    except ValueError as wrong:
        raise ConfigError(f"inbox.{name}: {wrong}") from wrong
