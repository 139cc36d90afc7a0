"""The supervisor's wall: the whole house on one page, and the part of it without personal data for the big screen.

rows, picture   what is seen of agents, calls, alerts ..., drawn from events alone (pure); call_row: one call's line
sight           what of it a supervisor sees (pure)
difference      what has changed since the walls were told last (pure); urgent: what does not wait for the second
board           the big screen's numbers, without a person in them (pure)
hub             one picture for all walls of a node: follows the bus, tells differences
socket, routes  browsers; answers: what a supervisor does from here; entries: that she has looked is noted
"""
