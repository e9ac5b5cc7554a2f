"""Rules about how services call each other."""
