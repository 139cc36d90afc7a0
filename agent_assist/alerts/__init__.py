"""Language that harms, and words that mean danger: what was heard, what the law offers to do about it.

``words.toml`` -> ``word_list`` -> ``rules.AlertRules`` (one utterance -> findings) -> ``call_alerts.CallAlerts`` (one
call -> alerts), beside ``procedures.PROCEDURES`` and ``lessons.AlertLessons``. No file here waits or reads a clock.
"""
