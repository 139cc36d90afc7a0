"""Configuration: one TOML file, read once into frozen structs. No other room reads the environment.

Every setting has an environment twin ``MINWON_<SECTION>_<KEY>`` (``MINWON_WEB_PORT=8443``) that wins over the file.
Unknown keys and wrong values raise ``ConfigError`` with the key, the reason and the nearest known name.
``docs/configuration.md`` lists all settings; it is written from the sections themselves.
"""

from core.config.inbox import InboxConfig
from core.config.keys import KeysConfig
from core.config.load import load
from core.config.outward import OutwardConfig
from core.config.recording import RecordingConfig
from core.config.records import RecordsConfig
from core.config.reference import Setting, describe
from core.config.retention import RetentionConfig
from core.config.secrets import redacted
from core.config.section import Role
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
    SipConfig,
    SmsConfig,
    Srtp,
    StoreConfig,
    SttConfig,
    TlsConfig,
    WebConfig,
)
from core.config.signing_in import OidcConfig, SignInConfig
from core.config.smpp import SmppConfig
from core.config.statistics import MailConfig, StatisticsConfig
from core.config.texts import TextsConfig
from core.config.wall import WallConfig

__all__ = [
    "AgentConfig",
    "ArsConfig",
    "AssistConfig",
    "Config",
    "ForksConfig",
    "FrontConfig",
    "InboxConfig",
    "KeysConfig",
    "LanguageConfig",
    "LogConfig",
    "MailConfig",
    "NodeConfig",
    "OidcConfig",
    "OutwardConfig",
    "PeerConfig",
    "RecordingConfig",
    "RecordsConfig",
    "RegisterConfig",
    "RetentionConfig",
    "Role",
    "Setting",
    "SignInConfig",
    "SipConfig",
    "SmppConfig",
    "SmsConfig",
    "Srtp",
    "StatisticsConfig",
    "StoreConfig",
    "SttConfig",
    "TextsConfig",
    "TlsConfig",
    "WallConfig",
    "WebConfig",
    "describe",
    "load",
    "redacted",
]
