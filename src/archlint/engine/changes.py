"""What has changed between the contracts of two sides, as findings."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from archlint.cache.files import FileCache
from archlint.comparison.contract_kinds import CONTRACTS
from archlint.documents import load_text
from archlint.engine.parsing import Kept, Parse
from archlint.engine.reading import read_world
from archlint.engine.request import Request, Side
from archlint.engine.running import Runner
from archlint.finding import Finding
from archlint.model.world import World


def parsing(cache: FileCache | None) -> Parse:
    """How contracts are parsed: with what the cache knows of earlier comparisons, if there is one."""
    return load_text if cache is None else Kept(cache.parsed)


def contracts_of(side: Side, parse: Parse, blobs: MutableMapping[str, bytes] | None) -> World:
    """The contracts of one side and nothing else; ``blobs`` is what models keep beyond a run."""
    return read_world(side.tree, side.paths, side.named, only=CONTRACTS, blobs=blobs, parse=parse)


def rules_of(request: Request) -> Runner:
    """What runs the rules of a request, those that judge changes included."""
    days = dict(request.settings.breaking.deprecation_days)
    promises: dict[str, Any] = {"today": request.today.isoformat(), "deprecation-days": days}
    settings = request.settings
    return Runner(
        request.rules,
        settings.options,
        severities=settings.severities,
        promises=promises,
        on_request=request.on_request,
    )


def changes_between(base: World, revision: World, request: Request, runner: Runner) -> Iterator[Finding]:
    """What the rules in force say of the changes; what a comparison fails at is a failure of the runner."""
    from archlint.comparison import ComparisonTerms, Failures, compare_worlds

    request.progress("comparing contracts", 0, 0)
    failures = Failures()
    terms = ComparisonTerms(request.renames, request.settings.breaking.stability, failures)
    changes = compare_worlds(base, revision, terms)
    for at, notice in enumerate(failures.notices):
        runner.add_failure(f"comparison {at:05}", notice)
    kinds = [kind for kind in CONTRACTS if base.paths(kind) or revision.paths(kind)]
    yield from runner.over_changes(changes, kinds)
