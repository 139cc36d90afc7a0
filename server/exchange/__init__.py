"""The engineer's kit: what connects us to a city's exchange, tells what is wrong, and shows what passes."""
