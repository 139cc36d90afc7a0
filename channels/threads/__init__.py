"""Written contacts: who gets them, by when they are answered, what some words mean. Rules only."""
