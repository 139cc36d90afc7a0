"""The issue radar (이슈알리미): what many callers speak of at once, against what is usual at this hour of this weekday.

``radar.Radar`` takes what every call is about and tells issues; ``live`` counts the calls of the last minutes,
``usual`` knows and learns the rates, ``core.count_tail`` says how unlikely a count is, ``issue`` holds together the
words of one event. Nothing here waits, reads a clock or knows Korean: the assistant gives the terms.
"""
