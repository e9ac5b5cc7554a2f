"""Rules about alerts."""
