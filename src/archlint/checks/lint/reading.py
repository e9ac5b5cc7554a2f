"""Files that cannot be read, keys that are set twice, and plain scalars where a string is needed."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.documents import TextFile
from archlint.finding import Severity
from archlint.model.reading import RepeatedKey, UnreadableFile
from archlint.model.scalars import MisreadString


@check(UnreadableFile)
def parse_error(file: UnreadableFile, options: Options) -> Iterator[Observation]:
    """A file that cannot be read, at the place where reading stopped."""
    yield observe(
        file.source.place(file.problem.span),
        related=[(TextFile(at.path).place(at.span), at.message) for at in file.problem.related],
        identity=(file.problem.message,),
        severity=None if file.matters else Severity.INFO,
        problem=file.problem.message,
    )


@check(RepeatedKey)
def duplicate_key(repeated: RepeatedKey, options: Options) -> Iterator[Observation]:
    """A repeated key, with the place of the first one."""
    duplicate = repeated.duplicate
    yield observe(
        repeated.source.place(duplicate.span),
        related=[(repeated.source.place(duplicate.first), "first defined here")],
        identity=(duplicate.key,),
        key=duplicate.key,
        line=duplicate.first.line,
    )


@check(MisreadString)
def ambiguous_scalar(value: MisreadString, options: Options) -> Iterator[Observation]:
    """A value without quotes that some reader of the file takes for a number, a boolean or nothing."""
    yield observe(
        value.node.value_place(),
        value.reader,
        where=value.where,
        text=value.written,
        reading=value.reading,
    )
