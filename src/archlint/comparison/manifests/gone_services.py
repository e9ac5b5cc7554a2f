"""Services that a change removes, and decisions in force that still speak of them."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.documents import TextFile
from archlint.files import Kind
from archlint.finding import ObjectRef, Place, Span
from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.compose import ComposeService
from archlint.model.decisions import Decision
from archlint.model.decisions.statuses import is_in_force
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.services import KubernetesService
from archlint.model.world import World

_WORD = regex(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
_OF_DATA = regex(
    r"-(?:db|database|store|data|sql|pg|postgres(?:ql)?|mysql|mariadb|mongo(?:db)?|redis|valkey|cache)[0-9]{0,2}\Z"
)
"""Matches names of what keeps data for a service, and is no edition of it."""
_SERVICE = frozenset({"service", "services", "svc", "microservice"})
_MOST_LINES = 3_000
_LONGEST_LINE = 1_000
_FEWEST_LETTERS = 3


@dataclass(frozen=True)
class GoneServiceNamed:
    """A decision in force that names a service which the change removes."""

    decision: Decision
    span: Span
    """Where it is named first."""
    service: str
    former: Place
    """Where it was defined at the base."""

    @property
    def source(self) -> TextFile:
        """The record."""
        return self.decision.source

    @property
    def object(self) -> ObjectRef:
        """The record."""
        return self.decision.object

    @property
    def place(self) -> Place:
        """The name in the record."""
        return self.decision.place(self.span)


def gone_services(base: World, revision: World) -> Iterator[GoneServiceNamed]:
    """Each service that is gone with each decision in force that names it, once."""
    records = [item for item in revision.all(Decision) if is_in_force(item.status)]
    gone = _gone(base, revision) if records else {}
    for decision in records if gone else ():
        seen: set[str] = set()
        for number, line in enumerate((revision.text(decision.path) or "").split("\n")[:_MOST_LINES], 1):
            for name, start in _named(line[:_LONGEST_LINE]):
                if name in gone and name not in seen:
                    seen.add(name)
                    span = Span(number, start + 1, number, start + 1 + len(name))
                    yield GoneServiceNamed(decision, span, name, gone[name])


def _gone(base: World, revision: World) -> dict[str, Place]:
    """The workloads of the base of whose name nothing is left, nor of one that begins with it."""
    left = {item.name for item in revision.all(Workload)}
    left.update(item.name for item in revision.all(KubernetesService))
    left.update(item.name for item in revision.all(ComposeService))
    left.update(document.root.get("name").text or "" for document in revision.documents(Kind.CHART))
    lasting = {item.name for item in revision.all(Workload) if item.is_long_running}
    editions = [name for name in lasting if not _OF_DATA.search(name)]
    beginnings = {name[:at] for name in editions for at, sign in enumerate(name) if sign == "-"}
    return {
        item.name: item.base.get("metadata", "name").value_place()
        for item in base.all(Workload)
        if item.is_long_running
        and len(item.name) >= _FEWEST_LETTERS
        and item.name not in left
        and item.name not in beginnings
    }


def _named(line: str) -> Iterator[tuple[str, int]]:
    """Words that are surely names of services: in backticks, or beside the word that says so."""
    found = list(_WORD.finditer(line))
    for at, match in enumerate(found):
        around = {found[number][0].lower() for number in (at - 1, at + 1) if 0 <= number < len(found)}
        is_code = (
            line[max(match.start() - 1, 0) : match.start()] == line[match.end() : match.end() + 1] == "`"
        )
        if is_code or not around.isdisjoint(_SERVICE):
            yield match[0], match.start()
