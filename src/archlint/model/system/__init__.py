"""The system that all files together describe: its parts, as each kind of file shows them, and what these
say of one another.
"""
