"""How long what is kept of citizens is kept, by kind. docs/rights.md tells why these terms."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from core.config.section import Section

Days = Annotated[int, Meta(ge=1, le=36_500)]


class RetentionConfig(Section, frozen=True, kw_only=True):
    """Terms in days, counted from the contact's beginning. What is under a legal hold stays until that ends."""

    audio_days: Days = 90
    """Recordings of calls: the file, and the key without which no backup of it opens."""
    words_days: Days = 365
    """What was said and typed into forms: transcripts, drafts, heard values, corrections, quotes."""
    texts_days: Days = 365
    """Texts sent and received, with the numbers that they went to."""
    records_days: Days = 1825
    """Counselling records with their follow-ups, telephone numbers and person keys of contacts, callbacks."""
    facts_days: Days = 1825
    """One row of figures per contact, and the contact's events without words and person. The sums stay: nobody is in
    them."""
    visits_days: Days = 30
    """Links to visits and sessions of sign-in that have ended."""
    audit_days: Annotated[int, Meta(ge=730, le=36_500)] = 1095
    """The audit log. The law wants two years where 50,000 people or more are processed (안전성 확보조치 기준)."""
    hour: Annotated[int, Meta(ge=0, le=23)] = 3
    """At what hour of the site's day (`statistics.timezone`) the purge runs by itself."""
    purge: bool = True
    """Whether it runs by itself. Without it `minwon db purge` must be run by somebody."""
