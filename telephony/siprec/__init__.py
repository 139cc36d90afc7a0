"""SIPREC as data (RFC 7865, RFC 7866): what a recording client's messages say. No I/O, no clock, no SIP stack."""
