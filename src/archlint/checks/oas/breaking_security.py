"""Judges changes of who is let in."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, change
from archlint.checks.oas.breaking_operations import judge
from archlint.checks.oas.element_names import SCHEMES, SECURITY, aliases
from archlint.comparison.openapi.element_changes import (
    Happening,
    SecurityChanged,
    SecurityPart,
    SecuritySchemeChanged,
)
from archlint.comparison.openapi.security import WITHOUT
from archlint.finding import Severity

_CREDENTIALS = frozenset(("type", "in", "name", "scheme", "openIdConnectUrl"))
"""Parts of a scheme that decide what callers send."""


def security_names(changed: SecurityChanged) -> list[str]:
    """The names of a change of requirements; another list in force has some only for what it adds."""
    if not changed.is_stated:
        return []
    if not changed.is_global and changed.name == WITHOUT:
        return []
    also = [(True, changed.part, Happening.REMOVED)] if changed.is_global and changed.was_open else []
    return aliases(changed, SECURITY, (changed.is_global, changed.part, changed.what), *also)


def security_identity(changed: SecurityChanged) -> tuple[str, ...]:
    """What tells two changes of one list apart."""
    return changed.part, changed.scheme, changed.name


def security_reach(changed: SecurityChanged) -> str:
    """How many operations are under requirements of the whole document."""
    count = len(changed.operations)
    if not changed.is_global or not count:
        return ""
    return f" ({count} {'operation' if count == 1 else 'operations'})"


@change(SecurityChanged)
def security_tightened(changed: SecurityChanged, options: Options) -> Iterator[Observation]:
    """Callers who were let in are not any more, unless they hold more than was asked for."""
    if not changed.is_stricter:
        return
    if changed.part is SecurityPart.SCOPE:
        message_id = "scope"
    else:
        message_id = "removed" if changed.what is Happening.REMOVED else "default"
    yield judge(
        changed,
        security_identity(changed),
        security_names(changed),
        message_id=message_id,
        severity=Severity.ERROR if message_id == "removed" else None,
        arguments={
            "name": changed.name,
            "scheme": changed.scheme,
            "count": security_reach(changed),
        },
    )


def is_other_credential(changed: SecuritySchemeChanged) -> bool:
    """Whether callers must send something else than before."""
    return changed.what is Happening.CHANGED and changed.part in _CREDENTIALS


def scheme_names(changed: SecuritySchemeChanged) -> list[str]:
    """The names of a change of a security scheme."""
    return aliases(changed, SCHEMES, (changed.part, changed.flow, changed.what))


@change(SecuritySchemeChanged)
def security_scheme_changed(changed: SecuritySchemeChanged, options: Options) -> Iterator[Observation]:
    """What callers send to be let in is something else now."""
    if is_other_credential(changed):
        yield judge(
            changed,
            (changed.part,),
            scheme_names(changed),
            arguments={"name": changed.name, "part": changed.part, "old": changed.old, "new": changed.new},
        )
