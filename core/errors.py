"""Every error that minwon raises on purpose: one tree, a machine code and a message that is advice.

MinwonError
├── ConfigError        a setting is wrong; the message names the key and what would be right
├── EnvironmentFault   something outside is missing or broken: a port, a program, a folder, a disk
│   ├── PortTaken
│   ├── ModelFault     no usable speech model
│   ├── StoreFault     the database cannot be used
│   ├── KeyFault       a master key is missing or unreadable
│   └── GatewayFault   a message gateway does not answer, or is busy: trying again may help
│       └── NotSent    ... and the message certainly did not leave us
├── BadInput           a file or a message from outside cannot be used as it is
├── IllegalStep        a state machine was given an event that its state does not know (a bug of ours)
└── Refused            asked politely, answered no: capacity, rights, rate limits
"""

from __future__ import annotations


class MinwonError(Exception):
    """Something went wrong that we have words for.

    The message is one line of advice for the person who can mend it; ``code`` is for machines
    (JSON answers, metrics labels) and never changes once released.
    """

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code


class ConfigError(MinwonError):
    """A setting is unknown, missing or out of range."""

    code = "config"


class EnvironmentFault(MinwonError):
    """Something outside of minwon is missing or broken."""

    code = "environment"


class PortTaken(EnvironmentFault):
    """Another program holds the port that we want."""

    code = "port_taken"


class ModelFault(EnvironmentFault):
    """A speech model is missing, broken or of another kind."""

    code = "model"


class StoreFault(EnvironmentFault):
    """The database cannot be opened, is locked, full or gone."""

    code = "store"


class KeyFault(EnvironmentFault):
    """A master key is missing, or its file cannot be read."""

    code = "key"


class GatewayFault(EnvironmentFault):
    """A message gateway cannot be reached or refuses for now."""

    code = "gateway"


class NotSent(GatewayFault):
    """The message certainly did not reach the carrier, so sending it again cannot make it two."""


class BadInput(MinwonError):
    """A file or message from outside cannot be used as it is."""

    code = "bad_input"


class IllegalStep(MinwonError):
    """A state machine met an event that its state does not know."""

    code = "illegal_step"

    def __init__(self, machine: str, state: object, event: object) -> None:
        super().__init__(f"{machine}: '{event}' is not possible in state '{state}'")
        self.state = state
        self.event = event


class Refused(MinwonError):
    """The request was understood and turned down."""

    code = "refused"
