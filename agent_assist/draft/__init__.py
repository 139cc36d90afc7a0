"""After the call: a draft of its record, drawn from what was said and used. Nobody's model is needed for it."""
