"""The bus: events from those who know to those who care."""
