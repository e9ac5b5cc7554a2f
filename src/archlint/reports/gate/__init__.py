"""The verdict on a release in each format."""
