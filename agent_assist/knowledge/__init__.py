"""The consultation database: where entries come from."""
