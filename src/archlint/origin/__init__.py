"""Where this archlint comes from, and how others get the same one: its metadata, its home, its source."""
