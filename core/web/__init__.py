"""What all rooms that serve pages share: who comes in, how faults are said, files served as written."""
