"""What is kept of the releases before."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.finding.words import number_of
from archlint.model.rollback.kept import HistoryLimit


@check(HistoryLimit)
def revision_history_disabled(limit: HistoryLimit, options: Options) -> Iterator[Observation]:
    """Something that keeps none of its old revisions."""
    if limit.left == 0:
        yield observe(limit.node.place(), holder=limit.holder, undo=limit.undo)


@check(HistoryLimit)
def release_history_short(limit: HistoryLimit, options: Options) -> Iterator[Observation]:
    """Something that keeps few of its old releases."""
    if 0 < limit.left < options["least"]:
        yield observe(
            limit.node.place(),
            holder=limit.holder,
            releases=number_of(limit.left, "old release"),
            key=limit.key,
            said=limit.said,
            bad=number_of(limit.left + 1, "bad release"),
            undo=limit.undo,
            least=options["least"],
        )
