"""Rules about proto files: their style, and what their changes break."""
