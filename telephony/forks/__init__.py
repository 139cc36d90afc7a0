"""Copies of voices that an exchange streams to us while it keeps the calls: Asterisk AudioSocket, jambonz ``listen``,
Twilio-style Media Streams, Asterisk's WebSocket channel. ``source.ForkSource`` is the way in."""
