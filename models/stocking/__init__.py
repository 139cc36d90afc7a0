"""How models come onto the shelf, from the internet or by hand, and how they travel on: nothing half or unsafe."""
