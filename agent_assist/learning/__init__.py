"""Learning from use: what agents take and put away, words that callers have of their own, and whether it helps."""

from agent_assist.learning.lessons import Learnt, Lessons

__all__ = ["Learnt", "Lessons"]
