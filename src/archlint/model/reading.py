"""What reading the files itself brought to light, as subjects for the rules about files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archlint.documents import DuplicateKey, ParseProblem, TextFile
from archlint.files import CONTRACT_LINE, FileProblem, Kind, is_json, named_kind
from archlint.files.kinds import holds_test_data
from archlint.finding import ObjectRef
from archlint.finding.records import dataclass
from archlint.model.world import World

_CONTRACTS = (Kind.OPENAPI, Kind.ASYNCAPI, Kind.KUBERNETES, Kind.JSON_SCHEMA, Kind.PACT)
_ON_PURPOSE = frozenset({"testdata", "fixtures"})
"""Folders whose files may be broken, beside those of tests."""


@dataclass(frozen=True)
class UnreadableFile:
    """A file, or the rest of one, that could not be read."""

    problem: ParseProblem
    source: TextFile
    matters: bool
    """Whether it was named on the command line or looks like a contract or manifest."""
    object: ObjectRef | None = None

    @classmethod
    def all(cls, world: World) -> Iterable[UnreadableFile]:
        """Every problem met while reading."""
        for problem in (*world.problems, *_proto_problems(world), *_migration_problems(world)):
            is_named = problem.path in world.named
            matters = is_named or cls._is_contract(world, problem.path)
            if problem.is_template or (is_json(problem.path) and not matters):
                continue  # counted as unread: nothing says that it should be read as it stands
            yield cls(problem, TextFile(problem.path, world.tree.revision), matters)

    @staticmethod
    def _is_contract(world: World, path: str) -> bool:
        if path.endswith((".proto", ".py", ".avsc", ".avpr")):
            return True
        looks_so = named_kind(path, Kind.DATA) in _CONTRACTS  # by its name
        looks_so = looks_so or (is_json(path) and world.kinds.get(path) in _CONTRACTS)
        if looks_so and not holds_test_data(path) and _ON_PURPOSE.isdisjoint(path.split("/")):
            return True
        try:
            head = world.tree.read(path).decode("utf-8", "replace")
        except (FileProblem, OSError, ValueError):
            return False
        return CONTRACT_LINE.search(head) is not None


def _proto_problems(world: World) -> tuple[ParseProblem, ...]:
    """Proto files are compiled when somebody asks for them, all together."""
    if not world.paths(Kind.PROTO):
        return ()
    from archlint.model.protobuf import protos

    return world.reading(protos).problems


def _migration_problems(world: World) -> Iterator[ParseProblem]:
    """Migrations in Python that are none."""
    if any(path.endswith(".py") for path in world.paths(Kind.MIGRATION)):
        from archlint.model.migrations.alembic import alembic_scripts

        yield from (item.problem for item in world.reading(alembic_scripts) if item.problem is not None)


@dataclass(frozen=True)
class RepeatedKey:
    """A key that is set twice in one mapping."""

    duplicate: DuplicateKey
    source: TextFile
    object: ObjectRef | None = None

    @classmethod
    def all(cls, world: World) -> Iterable[RepeatedKey]:
        """Every repeated key met while reading."""
        for duplicate in world.duplicates:
            yield cls(duplicate, TextFile(duplicate.path, world.tree.revision, index=duplicate.document))
