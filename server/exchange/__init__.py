"""The engineer's kit: what an exchange answers, what goes over the wire, in words and pictures."""
