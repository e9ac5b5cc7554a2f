"""OpenAPI contracts of two revisions as typed changes; rules import the classes of these alone."""
