"""What a recording is: sealed file and spool, the two legs on one time line, silences, peaks. Reads no clock."""
