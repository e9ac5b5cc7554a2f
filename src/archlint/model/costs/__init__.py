"""What a system takes of its cluster."""
