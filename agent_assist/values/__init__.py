"""What was said as values for forms: numbers, dates, times, amounts, addresses, plates, departments. Pure."""

from agent_assist.values.found import found
from agent_assist.values.names import NO_NAMES, Names

__all__ = ["NO_NAMES", "Names", "found"]
