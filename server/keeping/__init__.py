"""Counselling records as they come into being: drafted when a contact is over, confirmed at a desk, learnt from."""
