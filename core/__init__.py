"""The words and pipes that all rooms share."""
