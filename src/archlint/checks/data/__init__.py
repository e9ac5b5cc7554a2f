"""Rules about databases and their migrations."""
