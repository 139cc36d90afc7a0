"""The REST API for other programs, ``/api/v1/``: tokens with scopes, RFC 9457 problems, everything noted."""
