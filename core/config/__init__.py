"""Configuration: one TOML file, read once into frozen structs. No other room reads the environment.

Every setting has an environment twin ``MINWON_<SECTION>_<KEY>`` (``MINWON_WEB_PORT=8443``) that wins over the file.
Unknown keys and wrong values raise ``ConfigError`` with the key, the reason and the nearest known name.
``docs/configuration.md`` lists all settings; it is written from the sections themselves.
"""

from core.config.load import load
from core.config.reference import Setting, describe
from core.config.secrets import redacted
from core.config.sections import (
    AgentConfig,
    ArsConfig,
    AssistConfig,
    Config,
    ForksConfig,
    FrontConfig,
    LanguageConfig,
    LogConfig,
    NodeConfig,
    PeerConfig,
    RegisterConfig,
    Role,
    SipConfig,
    SmsConfig,
    Srtp,
    StoreConfig,
    SttConfig,
    TlsConfig,
    WebConfig,
)

__all__ = [
    "AgentConfig",
    "ArsConfig",
    "AssistConfig",
    "Config",
    "ForksConfig",
    "FrontConfig",
    "LanguageConfig",
    "LogConfig",
    "NodeConfig",
    "PeerConfig",
    "RegisterConfig",
    "Role",
    "Setting",
    "SipConfig",
    "SmsConfig",
    "Srtp",
    "StoreConfig",
    "SttConfig",
    "TlsConfig",
    "WebConfig",
    "describe",
    "load",
    "redacted",
]
