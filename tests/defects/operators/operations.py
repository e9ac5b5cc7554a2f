"""What whoever is called at night leans on: alerts, runbooks, ways back, timeouts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.defects.defects import Defect, Line, edited, line_of, seeds
from tests.defects.manifests import Manifest, calls, canaries_of, composed, manifests, stores, workloads
from tests.metamorphic.repositories import Files

_ALERTS = "ops/alerts"
_RUNBOOK = "ops/runbook.md"


def _rules(name: str, has_runbook: tuple[bool, bool]) -> str:
    made = f"groups:\n  - name: {name}\n    rules:\n"
    for what, known in zip(("Down", "Slow"), has_runbook, strict=True):
        made += (
            f"      - alert: {what}Of{name.title().replace('-', '')}\n"
            f'        expr: up{{job="{name}"}} == 0\n        labels: {{severity: page}}\n'
            "        annotations:\n          summary: It does not answer.\n"
        )
        made += f"          runbook_url: https://docs.example.com/{name}#{what}\n" if known else ""
    return made


@seeds("alert-without-runbook")
def runbook_taken(files: Files) -> Iterator[Defect]:
    """An alert without the annotation that all others have."""
    names = [item.name for item in workloads(files)]
    healthy = {**files, **{f"{_ALERTS}/{name}.yaml": _rules(name, (True, True)) for name in names}}
    others = frozenset(
        (other, line)
        for other, text in healthy.items()
        if other.startswith(_ALERTS) or "runbook_url" in text
        for line in range(1, text.count("\n") + 1)
    )
    for name in names:
        path = f"{_ALERTS}/{name}.yaml"
        for known in ((False, True), (True, False)):
            text = _rules(name, known)
            number = line_of(text, text.index("Down" if not known[0] else "Slow"))
            places = frozenset((path, number + offset) for offset in range(5))
            yield Defect(f"{name} {known}", edited(healthy, path, text), places, others)


def _misspelt(name: str) -> Iterator[str]:
    yield f"{name}-service"
    yield name + name[-1]
    yield name[0] + name[2:]


def _page(command: str) -> str:
    return f"# What to do\n\nFirst see what runs.\n\n```sh\n{command}\n```\n"


@seeds("runbook-names-missing-workload")
def command_misspelt(files: Files) -> Iterator[Defect]:
    """A command of a runbook with another name, as a workload had before."""
    known = {item.name for item in manifests(files)}
    for item in workloads(files):
        if (item.namespace or "").startswith("kube-"):
            continue  # others put workloads there too
        where = f"-n {item.namespace} " if item.namespace else ""
        for wrong in _misspelt(item.name):
            for command in (
                f"kubectl {where}rollout restart {item.kind.lower()}/{wrong}",
                f"kubectl {where}get {item.kind.lower()} {wrong} -o yaml",
            ):
                if wrong not in known:
                    place = frozenset({(_RUNBOOK, 6)})
                    yield Defect(command, {**files, _RUNBOOK: _page(command)}, place)


@seeds("runbook-names-missing-workload")
def command_of_another_kind(files: Files) -> Iterator[Defect]:
    """A workload that became a stateful set, or is none any more, while the command says otherwise."""
    for item in workloads(files):
        other = "deployment" if item.kind == "StatefulSet" else "statefulset"
        where = f"-n {item.namespace} " if item.namespace else ""
        command = f"kubectl {where}scale {other}/{item.name} --replicas=2"
        changed = {**files, _RUNBOOK: _page(command)}
        sides = [each.lines for each in manifests(files) if each.name == item.name and each.kind == item.kind]
        yield Defect(command, changed, frozenset({(_RUNBOOK, 6)}), frozenset().union(*sides))


@seeds("call-without-timeout")
def timeout_taken(files: Files) -> Iterator[Defect]:
    """A route of a service that others call, with no timeout, as Istio and the Gateway API write it."""
    edges = calls(files)
    callees = sorted({call.callee for call in edges})
    kept = {path: text for path, text in files.items() if "VirtualService" not in text}
    for callee in callees:
        of_callee = [call for call in edges if call.callee == callee]
        side = frozenset().union(*(call.lines for call in of_callee))
        space = next((call.caller.namespace for call in of_callee if call.caller.namespace), "default")
        metadata = f"metadata: {{name: {callee}-route, namespace: {space}}}\n"
        for made in (
            f"apiVersion: networking.istio.io/v1\nkind: VirtualService\n{metadata}"
            f"spec:\n  hosts: [{callee}]\n  http:\n    - name: all\n      route:\n"
            f"        - destination: {{host: {callee}}}\n",
            f"apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n{metadata}"
            f"spec:\n  parentRefs: [{{group: '', kind: Service, name: {callee}}}]\n"
            f"  rules:\n    - backendRefs: [{{name: {callee}, port: 8080}}]\n",
            f"apiVersion: networking.istio.io/v1\nkind: DestinationRule\n{metadata}"
            f"spec:\n  host: {callee}\n  trafficPolicy:\n    connectionPool: {{}}\n",
            f"apiVersion: networking.istio.io/v1beta1\nkind: VirtualService\n{metadata}"
            f"spec:\n  hosts: [{callee}.{space}.svc.cluster.local]\n  http:\n"
            "    - match: [{uri: {prefix: /slow}}]\n      timeout: 9s\n      route:\n"
            f"        - destination: {{host: {callee}}}\n    - route:\n"
            f"        - destination: {{host: {callee}}}\n      retries: {{attempts: 2}}\n",
        ):
            path = "mesh/route.yaml"
            lines = frozenset((path, number) for number in range(4, made.count("\n") + 1))
            yield Defect(f"{callee}: {made[:90]}", {**kept, path: made}, lines, side)


_MIGRATIONS = "stores/{name}/migrations"


def _flyway(name: str) -> dict[str, str]:
    folder = _MIGRATIONS.format(name=name)
    made = {}
    for number, what in enumerate(("create", "note", "index"), 1):
        made[f"{folder}/V{number}__{what}.sql"] = f"ALTER TABLE a ADD COLUMN {what} text;\n"
        made[f"{folder}/U{number}__{what}.sql"] = f"ALTER TABLE a DROP COLUMN {what};\n"
    return made


def _pairs(name: str) -> dict[str, str]:
    folder = _MIGRATIONS.format(name=name)
    made = {}
    for number, what in enumerate(("create", "note", "index"), 1):
        made[f"{folder}/000{number}_{what}.up.sql"] = f"ALTER TABLE a ADD COLUMN {what} text;\n"
        made[f"{folder}/000{number}_{what}.down.sql"] = f"ALTER TABLE a DROP COLUMN {what};\n"
    return made


@seeds("migration-irreversible")
def way_back_taken(files: Files) -> Iterator[Defect]:
    """The script that undoes a migration is deleted, or does nothing any more."""
    for name in (item.name for item in workloads(files)):
        for made, undo, ahead in (
            (_flyway(name), "U2__note.sql", "V2__note.sql"),
            (_flyway(name), "U3__index.sql", "V3__index.sql"),
            (_pairs(name), "0002_note.down.sql", "0002_note.up.sql"),
        ):
            folder = _MIGRATIONS.format(name=name)
            kept = {**files, **made}
            gone = {path: text for path, text in kept.items() if path != f"{folder}/{undo}"}
            forward, back = (f"{folder}/{ahead}", 1), (f"{folder}/{undo}", 1)
            yield Defect(f"{name} without {undo}", gone, frozenset({forward}))
            for text in ("-- cannot be undone\n", "", "/* later */\n;\n"):
                empty = edited(kept, f"{folder}/{undo}", text)
                what = f"{name} with {undo} of {text!r}"
                yield Defect(what, empty, frozenset({back}), frozenset({forward}))


@seeds("revision-history-disabled")
def history_disabled(files: Files) -> Iterator[Defect]:
    """A workload that keeps no revision, whether it said a number before or not."""
    for item in workloads(files):
        plain = re.sub(r"(?m)^  revisionHistoryLimit: .*\n", "", item.text)
        for text in (
            plain.replace("\nspec:\n", "\nspec:\n  revisionHistoryLimit: 0\n", 1),
            plain.rstrip("\n") + "\n  revisionHistoryLimit: 0",
        ):
            if "\n  revisionHistoryLimit: 0" in text and "\nspec:\n" in item.text:
                yield _without_history(files, item, text)


def _without_history(files: Files, item: Manifest, text: str) -> Defect:
    number = item.first + text.count("\n", 0, text.index("revisionHistoryLimit: 0"))
    place: Line = (item.path, number)
    return Defect(f"{item.name}:{number}", item.with_text(files, text), frozenset({place}))


@seeds("service-without-alert")
def alerts_taken(files: Files) -> Iterator[Defect]:
    """A service whose alerts are deleted, or were copied from another and still ask about that."""
    kept = {path: text for path, text in files.items() if "alert: " not in text and "record: " not in text}
    canaries = canaries_of(files)
    left_out = {*canaries, *stores(files)}
    items = [item for item in workloads(files) if item.kind == "Deployment" and item.name not in left_out]
    names = {item.name for item in (*workloads(files, 99), *composed(files))}
    for item in items:
        made = {
            f"{_ALERTS}/{other}.yaml": _rules(other, (True, True))
            for other in sorted(names)
            if not other.startswith(item.name)
        }
        rules = frozenset(
            (path, number) for path, text in made.items() for number in range(1, text.count("\n"))
        )
        fronts = (each.lines for each in manifests(files, "Service") if each.name == item.name)
        places = item.lines.union(*fronts)
        yield Defect(f"{item.name} without any", {**kept, **made}, places, rules)
        for other in [each.name for each in items if not each.name.startswith(item.name)][:1]:
            copy = {f"{_ALERTS}/of-{len(made)}.yaml": _rules(other, (True, True))}
            yield Defect(f"{item.name} with those of {other}", {**kept, **made, **copy}, places, rules)
        also = {**made, f"{_ALERTS}/others.yaml": _rules("gateway", (True, False))}
        yield Defect(f"{item.name}, and others have some", {**kept, **also}, places, rules)
        half = dict(list(made.items())[: len(made) - 1])
        yield Defect(f"{item.name} and another without any", {**kept, **half}, places, rules)
