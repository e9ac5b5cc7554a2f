"""Schemas of events against all versions that were released, where the configuration asks for it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from archlint.comparison import ComparisonTerms
from archlint.engine.reading import read_world
from archlint.engine.request import Request
from archlint.files import Kind
from archlint.finding.records import replace
from archlint.model.world import World


def add_earlier(
    changes: dict[type, list[Any]], revision: World, request: Request, terms: ComparisonTerms
) -> None:
    """Add what the revision does to the data of earlier versions, as far as it is not told of a later one."""
    from archlint.comparison.avro import DataRefused, compare

    told = {_key(each) for found in changes.values() for each in found if isinstance(each, DataRefused)}
    for name, side in request.earlier():
        older = read_world(side.tree, side.paths, only={Kind.AVRO}, blobs=revision.blobs)
        with terms.losing(f"what is Avro in {name}"):
            for each in compare(older, revision, replace(terms, renames={})):
                if isinstance(each, DataRefused) and _key(each) not in told:
                    told.add(_key(each))
                    changes.setdefault(type(each), []).append(replace(each, version=name))


def _key(change: Any) -> Hashable:
    """What is one thing to mend, whichever version it is seen in."""
    mismatch = change.mismatch
    return mismatch.misfit, change.readers, id(change.revision), mismatch.trail, mismatch.symbols
