"""The inventory in each format."""
