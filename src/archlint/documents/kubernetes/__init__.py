"""What Kubernetes itself says about its kinds, as data."""
