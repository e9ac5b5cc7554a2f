"""Commands of runbooks, against what is deployed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.finding.articles import with_article
from archlint.model.kubernetes import Workload
from archlint.model.kubernetes.names.similar import SimilarNames
from archlint.model.runbooks import NamedWorkload, OutdatedCommand, RefusedRollback
from archlint.model.services.absence import absence
from archlint.model.world import World


@join(NamedWorkload)
def runbook_names_missing_workload(
    named: NamedWorkload, world: World, options: Options
) -> Iterator[Observation]:
    """A command for a workload that no manifest defines."""
    known = world.fact(_known_workloads)
    if not known.is_judged(named.namespace):
        return
    fitting = known.kinds_of(named.name, named.namespace)
    if named.kind in fitting:
        return
    first = known.first.get(named.name)
    if first is None and not world.fact(absence).is_certain(named.kind, named.name, None):
        return
    yield observe(
        named.place,
        related=[] if first is None else [(first.base.get("metadata", "name").value_place(), "it is here")],
        identity=(),
        kind=named.kind,
        name=named.name,
        where=f" in namespace '{named.namespace}'" if named.namespace else "",
        hint=_hint(named, fitting, first, known),
    )


@join(OutdatedCommand)
def runbook_command_outdated(
    command: OutdatedCommand, world: World, options: Options
) -> Iterator[Observation]:
    """A command that no longer does what is hoped for."""
    form = command.form
    yield observe(
        command.place,
        form.verdict,
        identity=(),
        command=command.shown,
        because=form.because,
        instead=form.instead,
        source=form.source,
    )


@join(RefusedRollback)
def runbook_rollback_refused(item: RefusedRollback, world: World, options: Options) -> Iterator[Observation]:
    """A rollback that Argo CD refuses."""
    yield observe(
        item.place,
        related=[(item.automated.place(), "synced by itself")],
        identity=(),
        name=item.application,
    )


class _KnownWorkloads:
    """The workloads of the repository by name and namespace."""

    def __init__(self, world: World) -> None:
        self.first: dict[str, Workload] = {}
        """The first workload of each name."""
        self._namespaces: set[str] = set()
        self._kinds: dict[tuple[str, str | None], dict[str, int]] = defaultdict(dict)
        names: dict[str, set[str]] = defaultdict(set)
        for number, item in enumerate(world.all(Workload)):
            self.first.setdefault(item.name, item)
            self._kinds[item.name, item.namespace].setdefault(item.kind, number)
            self._namespaces.update(() if item.namespace is None else (item.namespace,))
            names[item.kind].add(item.name)
        self._similar = {kind: SimilarNames(found) for kind, found in names.items()}
        self._everywhere: dict[str, dict[str, int]] = defaultdict(dict)
        for (name, _), kinds in self._kinds.items():
            _merge(self._everywhere[name], kinds)

    def is_judged(self, namespace: str | None) -> bool:
        """Whether there are workloads, and one of them in the namespace that a command names."""
        return bool(self.first) and (namespace is None or namespace in self._namespaces)

    def kinds_of(self, name: str, namespace: str | None) -> list[str]:
        """The kinds of the workloads that a name may mean, in the order of the text."""
        found: dict[str, int] = {}
        if namespace is None:
            found = self._everywhere.get(name, {})
        else:
            for where in (namespace, None):
                _merge(found, self._kinds.get((name, where), {}))
        return sorted(found, key=found.__getitem__)

    def similar(self, kind: str, name: str) -> str | None:
        """The workload of this kind whose name is most like another one."""
        names = self._similar.get(kind)
        return names.nearest_or_beginning(name) if names is not None else None


def _merge(into: dict[str, int], kinds: dict[str, int]) -> None:
    for kind, number in kinds.items():
        into[kind] = min(number, into.get(kind, number))


def _known_workloads(world: World) -> _KnownWorkloads:
    return _KnownWorkloads(world)


def _hint(named: NamedWorkload, fitting: list[str], first: Workload | None, known: _KnownWorkloads) -> str:
    if fitting:
        return f"It is {with_article(fitting[0])}."
    if first is not None:
        return f"It is in namespace '{first.namespace}'."
    similar = known.similar(named.kind, named.name)
    return f"Did you mean '{similar}'?" if similar else "Name one that exists."
