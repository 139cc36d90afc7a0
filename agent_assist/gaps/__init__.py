"""Gaps of the consultation database: what callers asked and no entry answers, gathered by what they speak of."""
