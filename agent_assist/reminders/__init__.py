"""What must be said in a call, or has been said: rules of the city, watched in the call's own time."""

from agent_assist.reminders.reminders import Reminders
from agent_assist.reminders.rule import Rule
from agent_assist.reminders.rules import in_force

__all__ = ["Reminders", "Rule", "in_force"]
