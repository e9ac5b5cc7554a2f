"""Going back to the release before: what is kept of it, and how long that takes at least."""
