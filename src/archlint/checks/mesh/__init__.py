"""Rules about the service mesh."""
