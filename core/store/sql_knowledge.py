"""The consultation database in SQLite or PostgreSQL, in the same database as everything else. One file a subject."""

from __future__ import annotations

from core.store.sql_entry_import import EntryImportPart
from core.store.sql_jobs import JobsPart
from core.store.sql_learning import LearningPart
from core.store.sql_people import PeoplePart
from core.store.sql_radar import RadarPart
from core.store.sql_tasks import TasksPart


class SqlKnowledge(EntryImportPart, PeoplePart, TasksPart, LearningPart, RadarPart, JobsPart):
    """See ``core.store.knowledge.KnowledgeStore``; ``SqlStore.knowledge`` is one."""
