"""Rulesets of Spectral, read from their files: shape, what they extend, and what is wrong with them."""
