"""What rulesets of Spectral are made of: paths into documents, functions, and regular expressions.

All of it works on plain data, reads nothing and runs no code of a ruleset.
"""
