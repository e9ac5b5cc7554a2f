"""Contracts held against evidence: which operation an exchange is about, and where it is not as promised."""
