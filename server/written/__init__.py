"""Written contacts at work: taken in, kept, given to agents, answered, closed; open ones live through a restart."""
