"""Diagrams as text: what is read of them, and whether they are true."""
