"""The verdict on a release: what a policy asks, what it excuses, and how each part stands to it."""
