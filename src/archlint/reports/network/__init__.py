"""Who can connect to whom, in each format, and how that is drawn."""
