"""Rules about OpenAPI documents, and about what changed between two revisions of them."""
