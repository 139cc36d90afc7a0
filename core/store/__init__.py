"""What lasts: calls with their events, and the consultation database."""
