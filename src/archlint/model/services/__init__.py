"""Services: what a repository's manifests run, and which addresses each is given."""
