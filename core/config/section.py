"""What every section of the configuration file is made of."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

Port = Annotated[int, Meta(ge=0, le=65535)]
Seconds = Annotated[float, Meta(ge=0)]
SomeSeconds = Annotated[float, Meta(gt=0)]
Role = Literal["agent", "editor", "owner", "supervisor", "admin"]
"""What somebody may do."""

SECRET_NAMES: Final = frozenset(
    {
        *("password", "password_hash", "secret_key", "token", "url", "secret", "client_secret", "master"),
        "sinch_secret",
    }
)
"""Keys whose values are never shown or logged."""


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the configuration file. In whatever log or traceback it ends, it shows no secret."""

    def __repr__(self) -> str:
        values = ((name, getattr(self, name)) for name in self.__struct_fields__)
        shown = (f"{name}={'...' if value and name in SECRET_NAMES else repr(value)}" for name, value in values)
        return f"{type(self).__name__}({', '.join(shown)})"
