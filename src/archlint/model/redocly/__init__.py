"""Configurable rules of Redocly: what they ask of the typed elements of a contract."""
