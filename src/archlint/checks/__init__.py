"""Functions from model objects or typed changes to observations; no I/O, no globals."""

from archlint.checks.declaration import Check, Scope, change, check, join, verdict
from archlint.checks.discovery import announced, check_of, checks_of, looks_at
from archlint.finding import Observation, Options, observe

__all__ = [
    "Check",
    "Observation",
    "Options",
    "Scope",
    "announced",
    "change",
    "check",
    "check_of",
    "checks_of",
    "join",
    "looks_at",
    "observe",
    "verdict",
]
