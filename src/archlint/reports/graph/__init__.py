"""The graph of services in each format, and how it is laid out and drawn."""
