"""What confirmed records teach the next draft."""
