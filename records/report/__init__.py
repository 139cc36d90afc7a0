"""What leaves the statistics as a document: the report in the form that offices use, workbooks, open data."""
