"""The room's pages and their answers over HTTP: the only files here that know aiohttp."""
