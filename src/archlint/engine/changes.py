"""What has changed between the contracts of two sides, as findings."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING, Any

from archlint.cache.files import FileCache
from archlint.checks import Scope
from archlint.comparison.contract_kinds import CONTRACTS, MANIFEST_KINDS
from archlint.documents import Loaded, load_text
from archlint.engine.needs import scope_of
from archlint.engine.parsing import Kept, Parse
from archlint.engine.reading import read_world
from archlint.engine.request import Request, Side
from archlint.engine.running import Runner
from archlint.files import FileProblem, Kind, TextProblem, decode
from archlint.finding import Finding, Severity
from archlint.finding.records import replace
from archlint.judging.proto_types import told_once
from archlint.model.world import World

if TYPE_CHECKING:
    from archlint.comparison import ComparisonTerms
    from archlint.config import Settings


def parsing(cache: FileCache | None) -> Parse:
    """How contracts are parsed: with what the cache knows of earlier comparisons, if there is one."""
    return load_text if cache is None else Kept(cache.parsed)


def contracts_of(side: Side, parse: Parse, blobs: MutableMapping[str, bytes] | None) -> World:
    """The contracts of one side and nothing else; ``blobs`` is what models keep beyond a run."""
    return read_world(side.tree, side.paths, side.named, only=CONTRACTS, blobs=blobs, parse=parse)


def base_of(request: Request, base: Side, revision: World, parse: Parse) -> World:
    """What the rules in force compare the revision with: the contracts of the base, and its manifests if a
    rule judges changes of these. Manifests with the same text are read once for both."""
    is_asked = any(rule.area in _MANIFESTS and scope_of(rule) is Scope.CHANGE for rule in request.rules)
    only = CONTRACTS | MANIFEST_KINDS if is_asked else CONTRACTS
    if is_asked:
        from archlint.engine.openings import RULE

        if any(rule.name == RULE for rule in request.rules):
            only |= _OF_CHARTS
    if revision.paths(Kind.DATA):
        from archlint.engine.migrations import reads_changelogs

        if reads_changelogs(request, revision):
            only |= {Kind.DATA}
    shared = _Shared(request.revision, revision, parse)
    return read_world(base.tree, base.paths, base.named, only=only, blobs=revision.blobs, parse=shared)


_OF_CHARTS = frozenset({Kind.CHART, Kind.CHART_VALUES, Kind.DATA})
CONTRACT_AREAS = ("OAS", "PROTO", "EVENT")
"""The areas of rules about contracts."""
_MANIFESTS = frozenset(("KUBE", "NET", "DEPLOY"))
"""The areas of the rules that judge changes of manifests."""


class _Shared:
    """Reads the texts of a base, with the documents of the revision where these have the same text."""

    def __init__(self, side: Side, world: World, parse: Parse) -> None:
        self._side = side
        self._world = world
        self._parse = parse

    def __call__(self, path: str, text: str, kind: Kind, *, revision: str | None = None) -> Loaded:
        """The documents of a text, as ``load_text`` gives them."""
        if kind in MANIFEST_KINDS and self._world.kinds.get(path) is kind and self._is_text(path, text):
            return self._world.loaded(path)
        return self._parse(path, text, kind, revision=revision)

    def _is_text(self, path: str, text: str) -> bool:
        try:
            return decode(self._side.tree.read(path)) == text
        except (FileProblem, TextProblem, OSError):
            return False


def rules_of(request: Request) -> Runner:
    """What runs the rules of a request, those that judge changes included."""
    days = dict(request.settings.breaking.deprecation_days)
    promises: dict[str, Any] = {"today": request.today.isoformat(), "deprecation-days": days}
    settings = request.settings
    return Runner(
        request.rules,
        settings.options,
        severities=settings.severities,
        promises=promises,
        on_request=request.on_request,
        asked=request.asked,
    )


def breaks(finding: Finding) -> bool:
    """Whether a finding is about a change of a contract that may break somebody."""
    return finding.severity >= Severity.WARNING and finding.code.startswith(CONTRACT_AREAS)


def agreed(settings: Settings) -> ComparisonTerms:
    """What a configuration promises of contracts and events."""
    from archlint.comparison import ComparisonTerms, Compatibility

    events = settings.events
    return ComparisonTerms(
        stability=settings.breaking.stability,
        compatibility=Compatibility(events.compatibility),
        subjects=tuple((pattern, Compatibility(promised)) for pattern, promised in events.subjects),
        registry=events.registry,
    )


def changes_between(base: World, revision: World, request: Request, runner: Runner) -> Iterator[Finding]:
    """What the rules in force say of the changes; what a comparison fails at is a failure of the runner."""
    from archlint.comparison import Failures, compare_worlds

    request.progress("comparing contracts", 0, 0)
    failures = Failures()
    terms = replace(
        agreed(request.settings),
        renames=request.renames,
        names_pairs=request.names_pairs,
        failures=failures,
    )
    changes = compare_worlds(base, revision, terms)
    if request.settings.events.asks_all_versions:
        from archlint.engine.earlier import add_earlier

        add_earlier(changes, revision, request, terms)
    told = None
    if base.paths(Kind.PROTO) and revision.paths(Kind.PROTO):
        from archlint.engine.buf import add_verdicts

        told = add_verdicts(changes, base, revision, request, terms)
    for at, notice in enumerate(failures.notices):
        runner.add_failure(f"comparison {at:05}", notice)
    kinds = {kind for kind in CONTRACTS if base.paths(kind) or revision.paths(kind)}
    if terms.registry == "confluent":
        kinds.add(Kind.AVRO)  # rules about events tell what it refuses of protos
    if revision.paths(*MANIFEST_KINDS, Kind.CHART):
        kinds.add(Kind.KUBERNETES)
        from archlint.engine.openings import add_openings
        from archlint.engine.transitions import add_transitions

        add_transitions(changes, base, revision, request)
        runner.notices += add_openings(changes, base, revision, request)
    if revision.paths(Kind.MIGRATION, Kind.DATA):
        from archlint.engine.migrations import add_migrations, judges_migrations

        if judges_migrations(request, revision):
            kinds.add(Kind.MIGRATION)
            add_migrations(changes, base, revision)
    found = runner.over_changes(changes, kinds)
    yield from told_once(found if told is None else told.as_told(found))
