"""Files of evidence read, each by what reads its kind, and what of them cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.files import FileTree
from archlint.finding import Notice
from archlint.finding.records import dataclass
from archlint.finding.words import number_of
from archlint.model.evidence.access_log import are_json_lines, exchanges_of
from archlint.model.evidence.around import Around
from archlint.model.evidence.exchange import Exchange
from archlint.model.evidence.files import EvidenceFile, EvidenceProblem, open_evidence, reader_of
from archlint.model.evidence.log_formats import LogFormat
from archlint.model.evidence.pact import Pact
from archlint.model.evidence.pact_marks import may_be_pact

_ENDS = (".har", ".http", ".rest", ".bru", ".postman_collection.json")
"""How files end that are evidence, whatever is in them."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the files of evidence tell."""

    exchanges: tuple[Exchange, ...]
    files: int
    """How many of them were read."""
    notices: tuple[Notice, ...]
    pacts: tuple[Pact, ...] = ()
    """What consumers expect, which is judged by rules of its own."""


def read_evidence(
    tree: FileTree, paths: Sequence[str], named: frozenset[str], log_format: LogFormat | None = None
) -> Evidence:
    """The exchanges that files tell; of files that are not named, those that are no evidence are passed.

    ``log_format``: how files are written that are no other kind of evidence.
    """
    exchanges: list[Exchange] = []
    notices: list[Notice] = []
    pacts: list[Pact] = []
    files = 0
    around = Around(tree, paths)
    for path in paths:
        try:
            file = open_evidence(tree, path, around)
            read = _read(file, log_format, is_named=path in named)
        except EvidenceProblem as problem:
            if path in named or path.lower().endswith(_ENDS):
                why = f"the file {problem}, so nothing of it was judged"
                notices.append(Notice("warning", why, path))
            continue
        if read is None:
            continue
        files += 1
        if isinstance(read, Pact):
            pacts.append(read)
        else:
            exchanges += read
            notices += _left_out(file)
    return Evidence(tuple(exchanges), files, tuple(notices), tuple(pacts))


def _read(
    file: EvidenceFile, log_format: LogFormat | None, *, is_named: bool
) -> Pact | list[Exchange] | None:
    """What a file tells; ``None`` if it is no evidence and nobody named it. Raises ``EvidenceProblem``."""
    written = log_format if is_named or file.path.lower().endswith(".log") else None
    if written is not None and are_json_lines(file, written):  # one of them looks like other kinds in JSON
        return list(exchanges_of(file, written))
    pact = Pact.of(file.document) if may_be_pact(file.text) and file.document else None
    if pact is not None:
        return pact
    reader = reader_of(file, is_named)
    if reader is not None:
        return list(reader.exchanges(file))
    if written is not None:
        return list(exchanges_of(file, written))
    if is_named:
        raise EvidenceProblem(
            "is no evidence of a kind that is known (HAR, Postman, Bruno, .http, Pact; for access logs add"
            " --log-format)"
        )
    return None


def _left_out(file: EvidenceFile) -> Iterator[Notice]:
    for reason, count in sorted(file.left_out.items()):
        yield Notice("warning", f"{number_of(count, 'entry')} left out: {reason}", file.path)
