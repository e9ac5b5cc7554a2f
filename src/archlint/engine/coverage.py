"""How much of a world was read: what a report says about itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from archlint.files import Kind
from archlint.finding import Unread
from archlint.model.submodules import absent_submodules
from archlint.model.world import World

_SOURCE = (".py", ".go", ".java", ".kt", ".ts", ".js", ".cs", ".php", ".rb", ".tsx", ".mjs", ".cjs")
"""How files of source end in which brokers are looked for."""


def all_unread(world: World, left_out: Iterable[Unread] = ()) -> tuple[Unread, ...]:
    """What of a world was not read, and what was left out of it, in the order of reports."""
    found = {*left_out, *world.unread}
    told = {item.path for item in found}
    for folder in world.reading(absent_submodules):
        if folder not in told:
            found.add(Unread(folder, "submodule-absent"))
    return tuple(sorted(found, key=Unread.sort_key))


def read_paths(world: World) -> frozenset[str]:
    """The files of a world of which at least one document was read."""
    whole = {item.path for item in world.unread if item.document is None}
    parts = Counter(item.path for item in world.unread if item.document is not None)
    return frozenset(
        path
        for path, kind in world.kinds.items()
        if kind is not Kind.OTHER
        and path not in whole
        and (not parts[path] or parts[path] < world.count_documents(path))
    )


def other_paths(world: World, unread: Iterable[Unread]) -> frozenset[str]:
    """The files of a world that are of no kind that archlint reads."""
    told = {item.path for item in unread}
    return frozenset(path for path, kind in world.kinds.items() if kind is Kind.OTHER and path not in told)


def broken_besides(world: World) -> Iterator[Unread]:
    """Files that are neither YAML nor JSON and were not read, or not wholly, if some rule asked for them."""
    yield from _broken_protos(world)
    yield from _broken_migrations(world)
    yield from _unread_brokers(world)
    yield from _unread_pacts(world)


def ask_besides(world: World) -> None:
    """Look at what else is told only if some rule asked for it, for a report that runs no rules."""
    if world.paths(Kind.PACT):
        from archlint.comparison.evidence.pact_judging import pact_verdicts

        world.fact(pact_verdicts)
    if any(path.endswith(_SOURCE) for path in world.kinds):
        from archlint.model.messaging.uses import topic_uses

        world.fact(topic_uses)


def _broken_protos(world: World) -> Iterator[Unread]:
    """Proto files that could not be compiled, or only not because of others, if some rule asked for them."""
    paths = world.paths(Kind.PROTO)
    if not paths:
        return
    from archlint.model.protobuf import protos

    loaded = world.known_reading(protos)
    if loaded is not None:
        yield from loaded.unread
        for path in {*paths, *(item.path for item in loaded.problems)} - {item.path for item in loaded.files}:
            yield Unread(path, "unreadable")


def _broken_migrations(world: World) -> Iterator[Unread]:
    """Migrations in Python that could not be parsed, if some rule asked for them."""
    if not any(path.endswith(".py") for path in world.paths(Kind.MIGRATION)):
        return
    from archlint.model.migrations.alembic import alembic_scripts

    for script in world.known_reading(alembic_scripts) or ():
        if script.problem is not None:
            yield Unread(script.path, "unreadable")


def _unread_brokers(world: World) -> Iterator[Unread]:
    """Source that uses brokers of which no calls are known, if some rule asked who sends and receives."""
    if not any(path.endswith(_SOURCE) for path in world.kinds):
        return
    from archlint.model.messaging.uses import topic_uses
    from archlint.model.sources.reading import source_files

    found = world.fact(source_files).others if world.known_fact(topic_uses) is not None else ()
    for path, broker in found:
        yield Unread(path, "broker-not-read", detail=broker)


def _unread_pacts(world: World) -> Iterator[Unread]:
    """Pact files that are held against no contract, or not wholly, if some rule asked for them."""
    if not world.paths(Kind.PACT):
        return
    from archlint.comparison.evidence.pact_judging import pact_verdicts, unjudged

    if world.known_fact(pact_verdicts) is not None:
        for path, why in unjudged(world):
            yield Unread(path, "pact-not-judged", detail=why)
