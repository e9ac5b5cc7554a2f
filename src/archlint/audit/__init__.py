"""Audit records of ``archlint gate``: who asked for which release, when, and with what verdict."""
