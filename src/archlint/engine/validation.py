"""Expressions of validation rules in protos, judged for the rules that report what is wrong with them, and
the options of protos that were not read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING

from archlint.engine.policies import PACKAGE
from archlint.files import Kind
from archlint.finding import Notice, Rule
from archlint.finding.words import number_of
from archlint.model.world import World

if TYPE_CHECKING:
    from archlint.model.protobuf.expressions import Expression

RULES = frozenset(("proto-validation-expression", "proto-validation-example"))
"""The rules that need the verdicts."""
_ABOUT = "proto-validation-"
_ABOUT_ANNOTATIONS = (
    "aip-",
    "proto-behavior-",
    "proto-host-changed",
    "proto-http-",
    "proto-operation-changed",
    "proto-reference-changed",
    "proto-resource-changed",
    "proto-signature-changed",
)
_SHOWN = 3


def judge_validation(world: World, rules: Sequence[Rule]) -> None:
    """Supply a world with what a compiler says of its expressions, if a rule that asks is in force."""
    if not _is_asked(world, rules) or find_spec(PACKAGE) is None:
        return
    found = _expressions(world)
    if found:
        from archlint.adapters.validation import judge_expressions
        from archlint.model.protobuf import schemas
        from archlint.model.protobuf.expressions import ExpressionVerdict

        sources = [schema.source for schema in world.reading(schemas)]
        world.supply(ExpressionVerdict, judge_expressions(found, sources))


def not_read(world: World, rules: Sequence[Rule]) -> Iterator[Notice]:
    """Which files set rules or annotations that are not known, so that none of theirs were looked at."""
    if not world.paths(Kind.PROTO):
        return
    if any(rule.name.startswith(_ABOUT) for rule in rules):
        from archlint.model.protobuf.validation import ValidatedFile

        files = (file.source.path for file in world.all(ValidatedFile) if not file.is_read)
        yield from _named("validation rules", sorted(files))
    if any(rule.name.startswith(_ABOUT_ANNOTATIONS) for rule in rules):
        from archlint.model.protobuf import schemas
        from archlint.model.protobuf.annotations import knows_annotations

        sources = (schema.source for schema in world.reading(schemas))
        hidden = sorted(source.path for source in sources if not knows_annotations(source))
        yield from _named("google.api annotations", hidden)


def _named(what: str, paths: Sequence[str]) -> Iterator[Notice]:
    """That something of some files was not read."""
    if paths:
        shown = ", ".join(paths[:_SHOWN]) + (
            f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
        )
        text = (
            f"the {what} of {number_of(len(paths), 'proto file')} were not read "
            f"({shown}): they set options that the modules which archlint brings along do not have, or that "
            "an import defines which is not here; put the module that they need into the repository"
        )
        yield Notice("warning", text)


def not_compiled(world: World, rules: Sequence[Rule]) -> Iterator[Notice]:
    """That expressions are not compiled, for want of a package or because one of them ended the compiler or
    took it too long, and how many."""
    if not _is_asked(world, rules):
        return
    from archlint.model.protobuf.expressions import ExpressionVerdict

    if find_spec(PACKAGE) is None:
        count = len(_expressions(world))
        why = (
            "for want of the package cel-expr-python: run `pip install cel-expr-python` in the environment "
            "of archlint, or `pipx inject archlint cel-expr-python`"
        )
    else:
        count = sum(not verdict.is_answered for verdict in world.all(ExpressionVerdict))
        why = "as the compiler ended before it came to them, or took too long: make the expressions simpler"
    if count:
        which = "1 expression or pattern" if count == 1 else f"{count} expressions and patterns"
        verb = "was" if count == 1 else "were"
        text = f"{which} of validation rules in protos {verb} not compiled, {why}"
        yield Notice("warning", text)


def _expressions(world: World) -> Sequence[Expression]:
    """Those in which something is written."""
    from archlint.model.protobuf.expressions import expressions_of
    from archlint.model.protobuf.validation import ValidatedFile

    return [each for file in world.all(ValidatedFile) for each in expressions_of(file) if each.text]


def _is_asked(world: World, rules: Sequence[Rule]) -> bool:
    return any(rule.name in RULES for rule in rules) and bool(world.paths(Kind.PROTO))
