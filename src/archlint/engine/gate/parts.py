"""The parts of a verdict: which findings belong to which, and how each stands to the policy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from archlint.checks import Scope
from archlint.comparison.graphs import GraphChange, GraphDiff
from archlint.config.patterns import matches
from archlint.engine.changes import CONTRACT_AREAS
from archlint.engine.gate.rollback import Rollback
from archlint.engine.needs import scope_of
from archlint.engine.openings import RULE as OPENED
from archlint.finding import Finding, Rule, Severity
from archlint.finding.articles import with_article
from archlint.finding.records import dataclass, replace
from archlint.finding.words import listed
from archlint.judging.release.policy import GatePolicy
from archlint.judging.release.semver import parse_version
from archlint.judging.release.verdict import ContractVersion, Outcome, Part, is_deletion

_TITLES = {
    "contracts": "Contracts",
    "versions": "Versions",
    "files": "Manifests and other files",
    "connections": "Connections newly opened",
    "rollback": "Way back",
    "graph": "The system",
    "ticket": "Change ticket",
    "policy": "Policy and waivers",
}
_UNDECIDED = frozenset(
    (
        ("schema-incompatible", "unknown"),
        ("schema-incompatible", "unknown-overlap"),
        ("proto-field-type-changed", "unknown"),
    )
)
"""Rules and messages that say that nobody can tell whether a change breaks."""
_MOST_NAMED = 8
_WAY_BACK = "rollback"
"""The tag of rules about the way back."""
_ABOUT_POLICY = frozenset(("LINT002", "LINT003"))


@dataclass(frozen=True, slots=True)
class Blind:
    """What a gate cannot see."""

    uncompared: Collection[str]
    """The fingerprints of what says that contracts were not compared."""
    files: Sequence[str] = ()
    """What the base had read and the release has, and what of it is not read now."""
    openings: Sequence[str] = ()
    """Why it is not known what the release opens."""
    programs: Sequence[str] = ()
    """The programs that were asked for and did not answer."""


class PartMaker:
    """Makes the parts of one verdict."""

    def __init__(self, policy: GatePolicy, rules: Mapping[str, Rule], blind: Blind) -> None:
        self._policy = policy
        self._rules = rules
        self._blind = blind

    def parts(
        self,
        findings: Sequence[Finding],
        *,
        versions: Sequence[ContractVersion],
        is_released: bool,
        rollback: Rollback,
        graph: GraphDiff,
        ticket: str | None,
    ) -> Iterator[Part]:
        """All parts, in the order in which they are read."""
        by_part: dict[str, list[Finding]] = {name: [] for name in _TITLES}
        for item in findings:
            by_part[self._part_of(item)].append(item)
        yield self._contracts(by_part["contracts"])
        yield self._versions(versions, is_released=is_released)
        yield self._files(by_part["files"])
        yield self._connections(by_part["connections"])
        yield self._rollback(by_part["rollback"], rollback)
        yield self._graph(graph)
        yield self._ticket(ticket)
        if by_part["policy"]:
            yield Part("policy", _TITLES["policy"], Outcome.TOLD, tuple(by_part["policy"]))

    def _part_of(self, finding: Finding) -> str:
        rule = self._rules.get(finding.code)
        if finding.fingerprint in self._blind.uncompared:
            return "contracts"
        if finding.code in _ABOUT_POLICY:
            return "policy"
        if finding.rule == OPENED:
            return "connections"
        if rule is not None and _WAY_BACK in rule.tags:
            return "rollback"
        is_change = rule is not None and scope_of(rule) is Scope.CHANGE
        return "contracts" if is_change and finding.code.startswith(CONTRACT_AREAS) else "files"

    def _of_findings(self, name: str, findings: Iterable[Finding], least: Severity = Severity.ERROR) -> Part:
        """A part that fails for findings of a severity."""
        ordered = tuple(sorted(findings, key=_gravest_first))
        if any(item.severity >= least for item in ordered):
            return Part(name, _TITLES[name], self._failing(name), ordered)
        return Part(name, _TITLES[name], Outcome.TOLD if ordered else Outcome.PASSED, ordered)

    def _contracts(self, findings: Sequence[Finding]) -> Part:
        """A change that cannot be decided fails as one that breaks."""
        part = self._of_findings("contracts", findings)
        if not any(map(is_undecided, findings)):
            return part
        return replace(part, outcome=self._failing("contracts"))

    def _files(self, findings: Iterable[Finding]) -> Part:
        """What is no longer read fails as an error does: there may be one in it."""
        part, blind = self._of_findings("files", findings), self._blind
        unknown = (*blind.files, *blind.programs)
        if blind.files:
            return replace(part, outcome=self._failing("files"), unknown=unknown)
        if blind.programs and part.outcome is not Outcome.FAILED:
            return replace(part, outcome=self._unknown("files", ()).outcome, unknown=unknown)
        return replace(part, unknown=unknown)

    def _connections(self, findings: Iterable[Finding]) -> Part:
        part = self._of_findings("connections", findings, least=Severity.INFO)
        if not self._blind.openings:
            return part
        unknown = self._unknown("connections", self._blind.openings)
        failed = Outcome.FAILED in (part.outcome, unknown.outcome)
        return replace(unknown, outcome=Outcome.FAILED if failed else Outcome.SKIPPED, findings=part.findings)

    def _failing(self, name: str) -> Outcome:
        return Outcome.FAILED if name in self._policy.fails else Outcome.TOLD

    def _unknown(self, name: str, reasons: Iterable[str], told: tuple[str, ...] = ()) -> Part:
        """A part that files cannot tell enough of."""
        outcome = Outcome.FAILED if self._policy.unknown_fails else Outcome.SKIPPED
        return Part(name, _TITLES[name], outcome, told=told, unknown=tuple(reasons))

    def _versions(self, versions: Sequence[ContractVersion], *, is_released: bool) -> Part:
        if not is_released:
            tags = ", ".join(self._policy.tags)
            why = f"no tag matches {tags}, so nobody knows what was released last; name it with --released"
            return self._unknown("versions", [why])
        told = tuple(map(_version_words, (item for item in versions if item.unknown is None)))
        unknown = [
            f"{item.unknown}; what is known to have changed needs {with_article(item.needed.label)} version"
            for item in versions
            if item.unknown is not None
        ]
        if not all(item.is_enough for item in versions):
            return Part("versions", _TITLES["versions"], self._failing("versions"), (), told, tuple(unknown))
        if unknown:
            return self._unknown("versions", unknown, told)
        return Part("versions", _TITLES["versions"], Outcome.PASSED, told=told)

    def _rollback(self, findings: Iterable[Finding], rollback: Rollback) -> Part:
        part = self._of_findings("rollback", findings)
        title = _TITLES["rollback"]
        told, unknown = (*rollback.times.told, *rollback.besides), rollback.times.unknown
        if rollback.is_available is False:
            told = (*rollback.reasons, *told)
            return Part("rollback", title, self._failing("rollback"), part.findings, told, unknown)
        if rollback.is_available is None and rollback.is_needed:
            unknown = (*rollback.reasons, *unknown)
        is_decided = part.outcome is Outcome.FAILED or not unknown
        outcome = part.outcome if is_decided else self._unknown("rollback", unknown).outcome
        return Part("rollback", title, outcome, part.findings, told, unknown)

    def _graph(self, graph: GraphDiff) -> Part:
        if graph.is_empty:
            return Part("graph", _TITLES["graph"], Outcome.PASSED)
        told = tuple(_graph_words(graph))
        return Part("graph", _TITLES["graph"], self._failing("graph"), told=told)

    def _ticket(self, ticket: str | None) -> Part:
        terms, title = self._policy.ticket, _TITLES["ticket"]
        if ticket is None and not terms.is_required:
            return self._unknown("ticket", ["no change ticket is named; name it with --ticket"])
        if ticket is None:
            text = "the policy asks for a change ticket, and none is named; name it with --ticket"
            return Part("ticket", title, Outcome.FAILED, told=(text,))
        if terms.pattern is not None and not _fits(terms.pattern, ticket):
            text = f"'{ticket}' is no ticket as the policy wants one: {terms.pattern}"
            return Part("ticket", title, Outcome.FAILED, told=(text,))
        return Part("ticket", title, Outcome.PASSED, told=(ticket,))


def is_undecided(finding: Finding) -> bool:
    """Whether a finding says that a change could not be judged."""
    return (finding.rule, finding.message_id) in _UNDECIDED


def _fits(pattern: str, ticket: str) -> bool:
    return matches(rf"\A(?:{pattern})\z", ticket)


def _gravest_first(finding: Finding) -> tuple[object, ...]:
    """By severity, and of one what is gone first."""
    return (-finding.severity, not is_deletion(finding), finding.sort_key())


_OF_GRAPHS = {GraphChange.REMOVED: "gone", GraphChange.ADDED: "new", GraphChange.CHANGED: "changed"}


def _graph_words(graph: GraphDiff) -> Iterator[str]:
    """What of the system is gone, what is new and what is another, deletions first."""
    for change, word in _OF_GRAPHS.items():
        found = [graph.graph.nodes[key] for key, what in graph.nodes.items() if what is change]
        names = sorted(
            f"{each.kind.value} '{'/'.join(filter(None, (each.namespace, each.name)))}'" for each in found
        )
        if names:
            yield f"{word}: {listed(names, _MOST_NAMED)}"
    counts = Counter(graph.edges.values())
    if counts:
        told = [f"{counts[change]} {word}" for change, word in _OF_GRAPHS.items() if counts[change]]
        yield f"connections: {listed(told)}; `archlint graph --base REV` shows them"


def _version_words(item: ContractVersion) -> str:
    where = item.path if item.carrier == item.path else f"{item.path} (version of {item.carrier})"
    if item.is_enough:
        had = "none" if item.had is None else item.had.label
        return f"{where}: {item.before} to {item.now} ({had}) is enough, {item.needed.label} is needed"
    why = f" because of {item.cause.rule}" if item.cause is not None else ""
    if item.had is None and parse_version(item.now) is None:
        now = "has none now" if item.now is None else f"is '{item.now}' now, which cannot be compared"
        return f"{where}: was {item.before}, and {now}; it has to be at least {item.least}{why}"
    if item.had is None:
        return f"{where}: went back from {item.before} to {item.now}; it has to be at least {item.least}{why}"
    return f"{where}: {item.before} to {item.now} is not enough; it has to be at least {item.least}{why}"
