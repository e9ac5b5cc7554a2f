"""Which values the API server takes for the objects of a kind, and what of an object it refuses."""
