"""The pages of those who keep the consultation database, and what they ask the house for."""
