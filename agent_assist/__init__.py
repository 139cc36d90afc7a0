"""Words to help: consultation database, triggers, search; the agent's desk."""
