"""After the call: a draft of its record, drawn from what was said and used. Nobody's model is needed for it."""

from agent_assist.draft.record import drafted, material
from agent_assist.draft.summary import Extractive, Summariser, Summary, checked

__all__ = ["Extractive", "Summariser", "Summary", "checked", "drafted", "material"]
