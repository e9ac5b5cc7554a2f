"""Rules about what happens when a call goes wrong."""
