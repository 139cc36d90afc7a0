"""The API in the machine's words: OpenAPI for HTTP, AsyncAPI for the sockets. ``python -m server.api`` writes both."""
