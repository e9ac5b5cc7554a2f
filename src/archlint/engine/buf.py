"""What ``buf breaking`` would say of a comparison, for those whose settings ask for it."""

from __future__ import annotations

from archlint.comparison import Change, ComparisonTerms
from archlint.comparison.protobuf.buf.modules import buf_verdicts
from archlint.comparison.protobuf.buf.verdicts import BufVerdict
from archlint.documents.proto.buf_breaking import rules_meant
from archlint.engine.request import Request
from archlint.judging.proto_breaking import CODE, ToldByBuf
from archlint.model.world import World


def add_verdicts(
    changes: dict[type, list[Change]], base: World, revision: World, request: Request, terms: ComparisonTerms
) -> ToldByBuf:
    """Add to the changes what buf says and somebody asks for; all that it says is returned."""
    wanted = rules_meant(request.settings.options.get(CODE, {}).get("use", ()))
    verdicts: list[BufVerdict] = []
    with terms.losing("what buf says of proto files"):
        verdicts = buf_verdicts(base, revision, terms)
    asked: list[Change] = [each for each in verdicts if each.is_asked or each.rule in wanted]
    if asked:
        changes[BufVerdict] = asked
    return ToldByBuf(verdicts, wanted)
