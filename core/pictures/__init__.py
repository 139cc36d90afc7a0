"""Strangers' pictures: made anew in a process of their own, kept for a while, never opened by the node itself."""
