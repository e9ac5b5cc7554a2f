"""AsyncAPI documents: what is read of them, and what rules say."""
