"""What must be said in a call, or has been said: rules of the city, watched in the call's own time."""
