"""Changes of rules of protovalidate, by what they let through."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, change, observe
from archlint.comparison.protobuf.validation import ValidationChanged, ValidationNarrowed, ValidationWidened


def _told(change: ValidationChanged) -> Observation:
    names = change.place.source.names(change.place.route)
    return observe(
        change.place,
        change.case,
        related=[(change.older, "as it was")],
        identity=(*names, change.name, change.case),
        name=change.name,
        value=change.value,
    )


@change(ValidationNarrowed)
def proto_validation_narrowed(change: ValidationNarrowed, options: Options) -> Iterator[Observation]:
    """Requests that were valid and are refused now."""
    yield _told(change)


@change(ValidationWidened)
def proto_validation_widened(change: ValidationWidened, options: Options) -> Iterator[Observation]:
    """Responses that the old rules excluded."""
    yield _told(change)
