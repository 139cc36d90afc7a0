"""Time and rights of one node: the purge, legal holds, one person's data, the audit log's anchors and pages."""
