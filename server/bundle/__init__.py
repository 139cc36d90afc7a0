"""``minwon bundle``: everything that a machine without any network needs, in one archive."""
