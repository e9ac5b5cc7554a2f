"""Changes of where an application of an AsyncAPI document is reached, and of who is let in."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, change, observe
from archlint.comparison.asyncapi import SecurityNarrowed, ServerChanged, ServerUnnamed


@change(ServerUnnamed)
def asyncapi_server_removed(change: ServerUnnamed, options: Options) -> Iterator[Observation]:
    """A server that is named no more."""
    yield observe(
        change.revision.at("servers").place(),
        related=[(change.old.value_place(), "as it was")],
        identity=("servers", change.name),
        name=change.name,
        address=change.address,
    )


@change(ServerChanged)
def asyncapi_server_changed(change: ServerChanged, options: Options) -> Iterator[Observation]:
    """A server that is somewhere else, or speaks another protocol."""
    field = str(change.new.route[-1])
    yield observe(
        change.new.value_place(),
        "protocol" if field.startswith("protocol") else "default",
        related=[(change.old.value_place(), "as it was")],
        identity=("servers", change.name, field if field.startswith("protocol") else "address"),
        name=change.name,
        old=change.was,
        new=change.now,
    )


@change(SecurityNarrowed)
def asyncapi_security_narrowed(change: SecurityNarrowed, options: Options) -> Iterator[Observation]:
    """A server or operation that asks for more."""
    yield observe(
        change.new.place(),
        related=[(change.old.place(), "as it was")],
        identity=("security", change.name),
        what=change.name,
        old=change.lacking,
    )
