"""Texts and pictures that come in by webhook: several gateways' shapes, one thing for the house."""
