"""How many agents, lines, cores, gigabytes a city needs: ``minwon size``."""
