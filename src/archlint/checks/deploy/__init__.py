"""Rules about how changes are brought out and taken back."""
