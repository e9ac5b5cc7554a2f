"""Prisma's migrations: a folder for each, with ``migration.sql`` and, for those who write it, ``down.sql``.

Source: Prisma, "Generating down migrations": Prisma itself goes forward only; who wants a way back generates
a script and carries it out by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from posixpath import basename, dirname

from archlint.documents.plain import START
from archlint.model.migrations.scripts import does_something
from archlint.model.migrations.steps import Step, WayBack
from archlint.model.world import World


def folder_steps(world: World, paths: Sequence[str], *, with_first: bool = False) -> Iterator[Step]:
    """The migrations after the first that has a ``down.sql``, and on demand that one as well."""
    known = frozenset(path for path in paths if path.endswith(".sql"))
    homes: dict[str, list[str]] = {}
    for path in sorted(known):
        if basename(path) == "migration.sql":
            homes.setdefault(dirname(dirname(path)), []).append(path)
    for files in homes.values():
        first = next((at for at, path in enumerate(files) if _down(path) in known), None)
        if first is not None:
            yield from (_step(world, path, known) for path in files[first if with_first else first + 1 :])


def _down(path: str) -> str:
    return f"{dirname(path)}/down.sql"


def _step(world: World, path: str, known: frozenset[str]) -> Step:
    name, down = basename(dirname(path)), _down(path)
    if not does_something(world, path):
        return Step(path, "prisma", name, WayBack.NOT_NEEDED, START, "down.sql")
    if down not in known:
        return Step(path, "prisma", name, WayBack.MISSING, START, "down.sql")
    if does_something(world, down):
        return Step(path, "prisma", name, WayBack.PRESENT, START, "down.sql")
    return Step(down, "prisma", name, WayBack.EMPTY, START, "down.sql", path)
