"""The wiring: call flow, recorder, sign-in, web application, command line."""
