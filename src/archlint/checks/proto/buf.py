"""What buf says of changes, where its settings ask for it."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, change, observe
from archlint.comparison.protobuf.buf.verdicts import BufVerdict


@change(BufVerdict)
def proto_buf_breaking(verdict: BufVerdict, options: Options) -> Iterator[Observation]:
    """All that is asked for; what rules of archlint say as well is taken back when findings are judged."""
    yield observe(
        verdict.place,
        verdict.kind,
        related=[(verdict.older, "as it was")],
        identity=(verdict.rule, verdict.about),
        aliases=[f"buf:{verdict.rule}"],
        rule=verdict.rule,
        about=verdict.about,
        old=verdict.old,
        new=verdict.new,
    )
