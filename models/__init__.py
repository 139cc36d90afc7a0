"""The shelf of speech models: the bundled Korean model and how it is made."""
