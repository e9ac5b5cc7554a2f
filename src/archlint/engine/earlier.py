"""Schemas of events against all versions that were released, where the configuration asks for it."""

from __future__ import annotations

from collections.abc import Hashable
from importlib import import_module
from typing import Any

from archlint.comparison import ComparisonTerms, Compatibility
from archlint.comparison.contract_kinds import CONTRACT_KINDS
from archlint.engine.reading import read_world
from archlint.engine.request import Request
from archlint.files import Kind
from archlint.finding.records import replace
from archlint.model.world import World

_KINDS = (Kind.AVRO, Kind.JSON_SCHEMA, Kind.ASYNCAPI, Kind.PROTO)


def add_earlier(
    changes: dict[type, list[Any]], revision: World, request: Request, terms: ComparisonTerms
) -> None:
    """Add what the revision does to the data of earlier versions, as far as it is not told of a later one.

    Changes that tell of data are those that know for which version they are told.
    """
    asked = replace(terms, renames={}, **_transitive(terms))
    kinds = {kind for kind in _KINDS if _is_asked(revision, kind, asked)}
    if not kinds:
        return
    told = {_key(each) for found in changes.values() for each in found if hasattr(each, "version")}
    for name, side in request.earlier():
        older = read_world(side.tree, side.paths, only=kinds, blobs=revision.blobs)
        for kind in sorted(kinds):
            contract = CONTRACT_KINDS[kind]
            with terms.losing(f"what is {contract.called} in {name}"):
                for each in import_module(contract.module).compare(older, revision, asked):
                    if _tells_of_data(each, kind, asked) and _key(each) not in told:
                        told.add(_key(each))
                        changes.setdefault(type(each), []).append(replace(each, version=name))


def _is_asked(revision: World, kind: Kind, terms: ComparisonTerms) -> bool:
    """Whether there are files of a kind; protos of services are no business of released events."""
    has_files = bool(revision.paths(kind))
    if not has_files or kind is not Kind.PROTO:
        return has_files
    from archlint.comparison.protobuf.events import has_events

    return has_events(revision, terms)


def _tells_of_data(change: Any, kind: Kind, terms: ComparisonTerms) -> bool:
    """Whether a change is about data of events, of which a version may be told."""
    if kind is Kind.ASYNCAPI:
        from archlint.comparison.asyncapi import is_promised

        return is_promised(change, terms)
    if kind is not Kind.PROTO or not hasattr(change, "version") or hasattr(change, "told_as"):
        return hasattr(change, "version")
    from archlint.comparison.protobuf.events import misreads_events

    return misreads_events(change, terms)


def _transitive(terms: ComparisonTerms) -> dict[str, Any]:
    """What is promised for all versions; where only the last one counts, the earlier ones are not asked."""

    def asked(promised: Compatibility) -> Compatibility:
        return promised if promised.is_transitive else Compatibility.NONE

    subjects = tuple((pattern, asked(promised)) for pattern, promised in terms.subjects)
    return {"compatibility": asked(terms.compatibility), "subjects": subjects}


def _key(change: Any) -> Hashable:
    """What is one thing to mend, whichever version it is seen in; of a proto one field or value."""
    if not hasattr(change, "told_as"):
        return id(change.revision)
    return type(change), getattr(change, "readers", None), change.told_as
