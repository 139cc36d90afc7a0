"""What the city's contacts add up to: facts of each, figures of many, what rises.

``tally`` follows a contact, ``facts`` says what it adds; ``measures`` says what every figure is; ``answering`` answers
a ``question``; ``live`` has this moment's figures for the wall; ``rising`` finds topics that grow. All of it is pure:
``core.store`` keeps the sums, ``server.counting`` brings them up to date.
"""
