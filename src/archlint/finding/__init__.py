"""The words that all stages speak: places, observations, findings, rules, edits.

This package imports nothing else of archlint.
"""

from archlint.finding.finding import (
    Affected,
    Finding,
    Location,
    Notice,
    Result,
    RolledOut,
    SchemaUse,
    Witness,
)
from archlint.finding.observation import Observation, RelatedPlace, observe
from archlint.finding.place import Place, Route, Source, Span, Token
from archlint.finding.rule import Options, Rule
from archlint.finding.unread import REASONS, Reason, Unread
from archlint.finding.vocabulary import (
    Confidence,
    Edit,
    Fix,
    ObjectRef,
    OperationName,
    Profile,
    Severity,
    Status,
)

__all__ = [
    "REASONS",
    "Affected",
    "Confidence",
    "Edit",
    "Finding",
    "Fix",
    "Location",
    "Notice",
    "ObjectRef",
    "Observation",
    "OperationName",
    "Options",
    "Place",
    "Profile",
    "Reason",
    "RelatedPlace",
    "Result",
    "RolledOut",
    "Route",
    "Rule",
    "SchemaUse",
    "Severity",
    "Source",
    "Span",
    "Status",
    "Token",
    "Unread",
    "Witness",
    "observe",
]
