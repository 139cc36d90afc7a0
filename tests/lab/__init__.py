"""The lab: a city exchange on this machine, with phones and callers that are not ours. `make lab` runs its flows."""
