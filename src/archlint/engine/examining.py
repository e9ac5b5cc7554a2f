"""One side of a request as a world, and what the rules about files and joins see in it.

What a check of some paths need not read: files elsewhere in which no rule in force looks for anything that
could be told of these paths.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING

from archlint.engine.building import merged, over_built, over_unbuilt, standing
from archlint.engine.charts import chart_terms, rendering, unread_besides
from archlint.engine.coverage import broken_besides
from archlint.engine.filework import FileResult, FileWork, Plan
from archlint.engine.joining import Joined, KeptJoins, NotedTree
from archlint.engine.policies import PACKAGE, judge_policies, not_evaluated
from archlint.engine.reading import is_structured, known_kinds, make_world, mark_patches
from archlint.engine.request import Request, Side
from archlint.engine.running import Runner
from archlint.engine.scripts import ddl_judge, judge_ddl
from archlint.files import FileTree, Kind, WorkingTree
from archlint.files.tree import Overlay
from archlint.finding import Finding, Notice, SchemaUse, Unread
from archlint.finding.records import dataclass, replace
from archlint.model.kubernetes.building.builds import builds
from archlint.model.world import World

if TYPE_CHECKING:
    from archlint.cache.contents import Contents
    from archlint.cache.files import FileCache
    from archlint.engine.sharing import Shared

from collections.abc import Iterable, Mapping

from archlint.checks import Scope
from archlint.engine.needs import scope_of
from archlint.engine.validation import judge_validation, not_compiled, not_read
from archlint.finding import Rule

_TOGETHER = frozenset(("OAS", "KSCORE"))
"""Areas whose rules find something in a file through another one: the contract that leads to it, or the
manifests that kube-score gets together."""
_ALONE = frozenset((Scope.FILE, Scope.VERDICT))


def needed_files(request: Request, paths: Sequence[str]) -> list[str]:
    """Those of some YAML and JSON files that have to be read to report on the named paths."""
    if request.whole or request.base is not None or any(map(_looks_elsewhere, request.rules)):
        return list(paths)
    return [path for path in paths if request.lies_below(path)]


def needed_kinds(request: Request, kinds: Mapping[str, Kind]) -> frozenset[Kind]:
    """The kinds of which a file lies below the named paths: rules that look at one file need no other."""
    if request.whole:
        return frozenset(Kind)
    return frozenset(kind for path, kind in kinds.items() if request.lies_below(path))


def left_out(kinds: Iterable[Kind], needed: frozenset[Kind]) -> list[str]:
    """The names of the kinds that occur and are not needed, sorted."""
    return sorted({kind.value for kind in kinds} - {kind.value for kind in needed})


def _looks_elsewhere(rule: Rule) -> bool:
    return scope_of(rule) not in _ALONE or rule.area in _TOGETHER


_STRANGE = "this is no kind of file that archlint reads, and was not checked"
LEAST_FILES = 300
LEAST_BYTES = 500_000
"""Files, and bytes in them, from which on a pool of processes pays: it takes 0.07 s to start, and what goes
to and fro is packed."""

LEAST_PROTOS = 1_000
"""Proto files from which on a copy of the process pays."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A world and the findings in it, before anything is taken back."""

    world: World
    findings: tuple[Finding, ...]
    notices: tuple[Notice, ...] = ()
    joins: KeptJoins | None = None
    """What the cache knows of the rules that need more than one file; ``None`` without a cache."""
    contents: Contents | None = None
    """What the cache knows of the files."""
    schemas: SchemaUse | None = None
    """What was held against schemas."""
    signature: str = ""
    """What the findings of a file depend on apart from files, where there is a cache."""


def examine(request: Request, side: Side, runner: Runner, cache: FileCache | None = None) -> Examined:
    """Read one side and run all rules over it that need no other side.

    All is examined that the rules in force need to report on the named paths (``narrowing``); these choose
    among the findings afterwards.
    """
    read = read_side(request, side, runner, cache)
    world = read.world
    notices = _ask_kube_score(request, world)
    schemas = _name_schemas(request, world)
    strangers = sorted(path for path in side.named if world.kinds.get(path) is Kind.OTHER)
    notices += tuple(Notice("warning", _STRANGE, path) for path in strangers)
    if read.joins is None or request.kube_score is not None:
        joined = run_joins(request, world, runner)
    else:
        in_cel = find_spec(PACKAGE) is not None
        promised = f"{request.settings.breaking} {request.settings.events}"
        besides = f"{request.today} {promised} {_helm(world)} {schemas} {in_cel}"
        besides += f" {world.team_rules} {world.team_calls} {ddl_judge(world)}"
        besides += _pinned(world)
        besides += "".join(f" {each.stamp}" for each in (world.ruleset, world.redocly) if each is not None)
        terms = f"{read.signature} {besides}"
        fewer = left_out(world.kinds.values(), needed_kinds(request, world.kinds))
        joined = read.joins.get(terms, fewer, lambda: run_joins(request, world, runner))
    notices += (
        *_left_out(runner),
        *not_evaluated(joined.schemas),
        *joined.notices,
    )
    world.unread = (*unread_besides(world.unread, joined), *joined.unread)
    findings = (*standing(read.findings, joined.parts, joined.findings), *joined.findings)
    return replace(read, findings=findings, notices=notices, schemas=joined.schemas)


def schemas_of(request: Request, world: World) -> tuple[SchemaUse | None, tuple[tuple[str, int], ...]]:
    """What was held against schemas, and the documents of kinds that only these know."""
    if Kind.KUBERNETES not in world.kinds.values():
        return None, ()
    from archlint.engine.schemas import schema_use

    return schema_use(world, request.rules, request.settings.options)


def templates_unknown(request: Request, world: World) -> tuple[Unread, ...]:
    """The templates that make nothing which a rule or a schema knows."""
    if not world.fact(builds).charts.read:
        return ()
    from archlint.engine.schemas import unknown_templates

    return tuple(unknown_templates(world, request.rules, request.settings.options))


def _name_schemas(request: Request, world: World) -> str:
    """Tell the world of the folders with schemas; what changes when these do."""
    if not request.schema_folders:
        return ""
    from archlint.adapters.schema_folders import SchemaFolders

    source = world.schema_source = SchemaFolders(request.schema_folders)
    return source.stamp()


def _left_out(runner: Runner) -> Iterator[Notice]:
    """That a sparse checkout does not show what is missing."""
    if runner.unsure:
        text = (
            "this sparse checkout leaves out files that may hold what others need; rules that say that"
            f" something is missing did not run: {', '.join(runner.unsure)}"
        )
        yield Notice("warning", text)


def read_side(request: Request, side: Side, runner: Runner, cache: FileCache | None = None) -> Examined:
    """Read one side; the findings are those of the rules that look at one YAML or JSON file."""
    contents = cache.contents(side.tree) if cache and isinstance(side.tree, WorkingTree | Overlay) else None
    known = known_kinds(side.paths, side.named)
    plan = _plan(request)
    signature = "" if contents is None else plan.signature()
    kept_by = None if contents is None else cache
    work = FileWork(side.tree, known, side.named, plan, cache=kept_by, contents=contents, signature=signature)
    work.taken = mark_patches(side.tree, known, work.content)
    structured = [path for path, kind in known.items() if is_structured(path, kind)]
    needed = frozenset(needed_files(request, structured))
    paths = [path for path in structured if path in needed or known[path] is Kind.KUSTOMIZATION]
    results = _work(work, paths, runner, request)
    tree = NotedTree(side.tree, contents)
    world = make_world(
        tree,
        known,
        {path: result.content for path, result in results.items()},
        side.named,
        references=work.references,
        blobs=cache.blobs if cache else None if request.base is None else {},
        pod_spec_paths=plan.pod_spec_paths,
    )
    world.charts = chart_terms(request.settings, request.helm, world)
    world.team_rules = request.settings.network_rules
    world.team_calls = request.settings.team_calls
    world.ruleset = request.settings.ruleset
    if side is request.revision:
        world.excluded = tuple(item.path for item in request.unread if item.reason == "excluded")
    world.redocly = request.settings.redocly
    if len(needed) < len(structured):
        world.is_asked_for = request.lies_below
    findings = tuple(finding for result in results.values() for finding in result.findings)
    joins = None
    if cache is not None and contents is not None and not side.tree.absent:
        # what is not saved yet is asked for once, and must not displace what is
        joins = KeptJoins(world, tree, paths, cache, contents, lasting=isinstance(side.tree, WorkingTree))
    return Examined(world, findings, (), joins, contents, signature=signature)


def run_joins(request: Request, world: World, runner: Runner) -> Joined:
    """What the rules find that need more than one YAML or JSON file: they see the whole world."""
    request.progress("looking at how files fit together", 0, 0)
    runner.failures_met()  # those of single files
    kinds = needed_kinds(request, world.kinds)
    with rendering(world):
        made = world.fact(builds)
    judge_validation(world, runner.rules)
    alone = world.without_documents()
    share = _shared(request, alone, runner, kinds)
    policies = judge_policies(world, runner.rules)
    policies += judge_ddl(world, runner.rules, request.settings.options)
    if Kind.KUBERNETES in world.kinds.values():
        from archlint.engine.resources import judge_resources

        judge_resources(world, runner.rules, request.settings.options)
    seen = merged((*runner.over_joins(world), *over_built(world, runner)), made)
    later = standing(over_unbuilt(world, runner), (), seen)
    findings = (*(share.findings() if share else runner.over_files(alone, kinds)), *seen, *later)
    if made.charts.offers:
        from archlint.engine.offering import over_offered

        findings += tuple(over_offered(world, runner, (*seen, *later)))
    unread = (*broken_besides(world), *made.unread(), *policies)
    parts, rendered = tuple(sorted(made.parts)), tuple(sorted(made.charts.read))
    told = schemas_of(request, world)
    unread += templates_unknown(request, world)
    notices = (*not_compiled(world, request.rules), *not_read(world, request.rules))
    return Joined(findings, unread, not runner.failures_met(), parts, rendered, *told, notices)


def _shared(request: Request, world: World, runner: Runner, kinds: frozenset[Kind]) -> Shared | None:
    """The rules about single files, begun in another process if there are many protos; else ``None``."""
    many = request.jobs != 1 and Kind.PROTO in kinds and len(world.paths(Kind.PROTO)) >= LEAST_PROTOS
    if not many:
        return None
    from archlint.engine.sharing import shared

    return shared(runner, world, kinds, request.jobs)


def read_besides(world: World, runner: Runner) -> tuple[Unread, ...]:
    """Read the files that are neither YAML nor JSON, as rules look at them; which of them cannot be read."""
    for _ in runner.over_files(world.without_documents()):
        pass
    return tuple(broken_besides(world))


def _helm(world: World) -> str:
    """What renderings depend on beside files."""
    terms = world.charts
    return "" if terms is None else f"{terms.renderer.version} {terms.version} {terms.releases}"


def _pinned(world: World) -> str:
    """What compiled protos depend on beside files of the repository: which modules buf has in its cache."""
    if Kind.PROTO not in world.kinds.values():
        return ""
    from archlint.documents.proto.buf_modules import pinned_modules

    modules = pinned_modules(world.kinds, world.tree.read)
    return "".join(f" {module.name} {module.folder}" for module in modules)


def _plan(request: Request) -> Plan:
    settings = request.settings
    return Plan(
        request.rules,
        settings.options,
        settings.severities,
        request.on_request,
        settings.pod_spec_paths,
        request.asked,
    )


def _work(work: FileWork, paths: Sequence[str], runner: Runner, request: Request) -> dict[str, FileResult]:
    """The result of each structured file: from the cache, from other processes, or made here."""
    found = {path: result for path in paths if (result := work.remembered(path)) is not None}
    missing = [path for path in paths if path not in found]
    if request.jobs != 1 and work.tree.revision is None and _are_many(missing, work.tree):
        from archlint.engine.parallel import work_in_processes

        packed = work_in_processes(missing, work, request.jobs)
        done = ((row.path, work.unpacked(row, failures)) for row, failures in packed)
    else:
        done = ((path, work.done(path, runner)) for path in missing)
    request.progress("reading files", 0, len(missing))
    for count, (path, result) in enumerate(done, 1):
        found[path] = result
        request.progress("reading files", count, len(missing))
    for path in paths:
        for code, notice in found[path].failures.items():
            runner.add_failure(code, notice)
    return {path: found[path] for path in paths}


def _are_many(paths: Sequence[str], tree: FileTree) -> bool:
    """Whether reading some files is work for several processes."""
    if len(paths) < LEAST_FILES:
        return False
    if not isinstance(tree, WorkingTree):
        return True
    sizes = (facts.st_size for facts in map(tree.stat, paths) if facts is not None)
    return sum(sizes) >= LEAST_BYTES


def _ask_kube_score(request: Request, world: World) -> tuple[Notice, ...]:
    if request.kube_score is None:
        return ()
    from archlint.adapters.kube_score import ask_kube_score

    return tuple(ask_kube_score(request.kube_score, world, request.rules, request.registry.rules))
