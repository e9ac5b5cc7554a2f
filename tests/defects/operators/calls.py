"""What the calls of a system must not be: circles, and what the team's own rules forbid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.defects.defects import Defect, Line, seeds
from tests.defects.manifests import (
    Call,
    Manifest,
    calls,
    calls_of_tools,
    editions,
    fronts,
    misspelt,
    place_of_variables,
    port_of,
    stores,
    with_variables,
    workloads,
)
from tests.metamorphic.repositories import Files

CONFIGURATION = "archlint.yaml"


def _ways_back(edges: Sequence[Call]) -> dict[tuple[str, str], set[Line]]:
    """Pairs of a service and one that it is called by, straight or by way of one other, with the calls."""
    found: dict[tuple[str, str], set[Line]] = {}
    for first in edges:
        found.setdefault((first.callee, first.caller.name), set()).update(first.lines)
        for second in edges:
            if second.caller.name == first.callee and second.callee != first.caller.name:
                way = found.setdefault((second.callee, first.caller.name), set())
                way |= first.lines | second.lines
    return found


def _addresses(target: Manifest) -> Iterator[list[tuple[str, str]]]:
    name, port = target.name.upper().replace("-", "_"), port_of(target)
    yield [(f"{name}_API_URL", f"http://{target.name}:{port}")]
    yield [(f"{name}_ADDR", f"{target.name}:{port}")]
    yield [(f"{name}_HOST", target.name), (f"{name}_PORT", f'"{port}"')]
    yield [(f"{name}_API_HOST_NAME", target.name), (f"{name}_API_PORT_NUMBER", f'"{port}"')]


@seeds("call-cycle")
def call_back(files: Files) -> Iterator[Defect]:
    """A service is given the address of one that calls it."""
    known, asked = fronts(files), stores(files)
    running = {item.name: item for item in workloads(files) if item.name not in asked}
    for (caller, callee), way in sorted(_ways_back(calls(files)).items()):
        if caller not in running or callee not in known or caller == callee:
            continue
        workload = running[caller]
        for variables in _addresses(known[callee]):
            new = place_of_variables(workload, variables)
            moved = {_after(line, workload, 2 * len(variables)) for line in way}
            yield Defect(
                f"{caller} calls {callee} back: {variables}",
                with_variables(files, workload, variables),
                new | moved,
                new | moved,
            )


def _after(line: Line, workload: Manifest, added: int) -> Line:
    """Where a line stands after some were added to a workload above it."""
    is_below = line[0] == workload.path and line[1] > workload.at("image: ")[1]
    return (line[0], line[1] + added) if is_below else line


def _with_rules(files: Files, rules: str) -> dict[str, str]:
    return {**files, CONFIGURATION: rules}


def _lines_with(text: str, what: str) -> frozenset[Line]:
    lines = enumerate(text.split("\n"), 1)
    return frozenset((CONFIGURATION, number) for number, line in lines if what in line)


@seeds("call-forbidden")
def call_that_is_forbidden(files: Files) -> Iterator[Defect]:
    """A rule against a call that there is, by names, groups and kinds."""
    for call in calls(files):
        caller, callee = call.caller.name, call.callee
        for side in (
            f"{{from: {{names: [{caller}]}}, to: {{names: [{callee}]}}}}",
            f"{{from: {{groups: [outer]}}, to: {{names: [{callee}]}}, reason: they are layers}}",
            f"{{from: {{names: [{caller}]}}, to: {{kinds: [service], except: {{names: [nobody]}}}}}}",
        ):
            text = f"calls:\n  groups: {{outer: [{caller}, other-*]}}\n  forbid:\n    - {side}\n"
            yield Defect(
                f"{caller} -> {callee}: {side}",
                _with_rules(files, text),
                call.lines | _others(files, call, side),
                _lines_with(text, "from:"),
            )


def _others(files: Files, call: Call, side: str) -> frozenset[Line]:
    """A rule against all calls of a service may be told at any of them."""
    if "kinds" not in side:
        return frozenset()
    same = (other.lines for other in calls(files) if other.caller.name == call.caller.name)
    return frozenset().union(*same)


@seeds("call-not-allowed")
def call_that_is_not_allowed(files: Files) -> Iterator[Defect]:
    """A list of what a service may call that lacks one of its calls."""
    edges = calls(files)
    for call in edges:
        caller = call.caller.name
        allowed = [other.callee for other in edges if other.caller.name == caller and other != call]
        for names in ([*allowed, "collector"], [*allowed, "audit", "mail"], [*allowed, "a*z", "cache"]):
            text = (
                "calls:\n  allow:\n"
                f"    - {{from: {{names: [{caller}]}}, to: {{names: [{', '.join(names)}]}}}}\n"
                f"    - {{from: {{names: [{caller}]}}, to: {{kinds: [datastore, broker, external]}}}}\n"
            )
            yield Defect(
                f"{caller} -> {call.callee} not in {names}",
                _with_rules(files, text),
                call.lines,
                _lines_with(text, "from:"),
            )


@seeds("required-call-missing")
def call_that_is_required(files: Files) -> Iterator[Defect]:
    """A rule that asks a service for a call that it lacks."""
    edges = calls(files)
    reached = {(call.caller.name, call.callee) for call in edges}
    names = sorted({name for pair in reached for name in pair})
    running, asked = {item.name: item for item in workloads(files)}, stores(files)
    for caller in names:
        for callee in names:
            if caller == callee or (caller, callee) in reached or caller not in running or caller in asked:
                continue
            text = (
                "calls:\n  require:\n"
                f"    - {{from: {{names: [{caller}]}}, to: {{names: [{callee}]}}, reason: it is asked}}\n"
            )
            yield Defect(
                f"{caller} has to call {callee}",
                _with_rules(files, text),
                editions(files, running[caller])
                | editions(files, fronts(files).get(caller, running[caller])),
                _lines_with(text, "from:"),
            )


@seeds("call-rule-matches-nothing")
def rulemisspelt(files: Files) -> Iterator[Defect]:
    """A rule with another letter in a name."""
    for call in calls(files):
        for kind in ("forbid", "allow", "require"):
            for wrong in misspelt(call.callee):
                side = f"{{from: {{names: [{call.caller.name}]}}, to: {{names: [{wrong}]}}}}"
                text = f"calls:\n  {kind}:\n    - {side}\n"
                yield Defect(
                    f"{kind} {call.caller.name} -> {wrong}",
                    _with_rules(files, text),
                    _lines_with(text, "from:"),
                )


@seeds("call-example-wrong")
def example_turned(files: Files) -> Iterator[Defect]:
    """An example that says the opposite of the rule above it."""
    for call in calls(files):
        pair = f"from: {call.caller.name}, to: {call.callee}"
        sides = f"{{from: {{names: [{call.caller.name}]}}, to: {{names: [{call.callee}]}}}}"
        for kind, said, more in (
            ("forbid", "allowed", ""),
            ("allow", "forbidden", ""),
            ("forbid", "allowed", f"    - {{from: {call.callee}, to: {call.caller.name}, is: allowed}}\n"),
        ):
            text = f"calls:\n  {kind}:\n    - {sides}\n  examples:\n{more}    - {{{pair}, is: {said}}}\n"
            rules = _lines_with(text, sides) if kind == "forbid" else frozenset()
            yield Defect(
                f"{kind} {pair} is {said}{more}", _with_rules(files, text), _lines_with(text, pair), rules
            )


def _by_caller(edges: Sequence[Call]) -> dict[str, list[Call]]:
    found: dict[str, list[Call]] = {}
    for call in edges:
        found.setdefault(call.caller.name, []).append(call)
    return found


@seeds("fan-out-above-limit")
def one_call_more(files: Files) -> Iterator[Defect]:
    """A service is given one address more than the limit allows."""
    known, grouped, asked = fronts(files), _by_caller(calls(files)), stores(files)
    for caller, of_caller in sorted(grouped.items()):
        reached = {call.callee for call in of_caller} - asked
        workload = of_caller[0].caller
        for name, front in sorted(known.items()):
            if not reached or name in reached or name == caller or "metrics" in name or name in asked:
                continue
            for variables in list(_addresses(front))[:2]:
                text = f"calls:\n  limits: {{fan-out: {len(reached)}}}\n"
                changed = with_variables(_with_rules(files, text), workload, variables)
                grown = range(workload.first, workload.first + workload.text.count("\n") + 4)
                yield Defect(
                    f"{caller} calls {name} too, {variables}",
                    changed,
                    frozenset((workload.path, number) for number in grown)
                    | editions(files, workload)
                    | (editions(files, known[caller]) if caller in known else frozenset())
                    | front_lines(known, caller),
                    place_of_variables(workload, variables),
                )


def front_lines(known: dict[str, Manifest], name: str) -> frozenset[Line]:
    """The lines of a Service, if there is one, as far as they may move by a few lines."""
    if name not in known:
        return frozenset()
    front = known[name]
    return frozenset((front.path, number + more) for _, number in front.lines for more in range(5))


@seeds("call-chain-above-limit")
def chain_longer(files: Files) -> Iterator[Defect]:
    """One more call, from the end of two in a row to a service that calls nobody."""
    edges, known, asked = calls(files), fronts(files), stores(files)
    running = {item.name: item for item in workloads(files)}
    called, callers = {call.callee for call in edges}, {call.caller.name for call in edges}
    for first in edges:
        for second in edges:
            if first.caller.name in called or second.caller.name != first.callee:
                continue
            way = {first.caller.name, first.callee, second.callee}
            for name in sorted(known):
                is_free = name in running and name not in way | callers
                if second.callee in running and is_free and asked.isdisjoint({*way, name}):
                    yield from _chains(files, [*way, name], running[second.callee], known[name])


def _chains(files: Files, way: Sequence[str], end: Manifest, front: Manifest) -> Iterator[Defect]:
    text = "calls:\n  limits: {chain: 2}\n"
    edges = [*calls(files), *calls_of_tools(files)]
    for variables in list(_addresses(front))[:2]:
        new = place_of_variables(end, variables)
        yield Defect(
            f"{' and '.join(sorted(way))}, to {front.name} at last: {variables}",
            with_variables(_with_rules(files, text), end, variables),
            new | {_after(line, end, 2) for call in edges for line in call.lines},
            new | _lines_with(text, "chain"),
        )
