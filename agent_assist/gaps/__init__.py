"""Gaps of the consultation database: what callers asked and no entry answers, gathered by what they speak of."""

from agent_assist.gaps.asked import Asked, Questions
from agent_assist.gaps.clusters import Cluster, clusters
from agent_assist.gaps.words import words_of

__all__ = ["Asked", "Cluster", "Questions", "clusters", "words_of"]
