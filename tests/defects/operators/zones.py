"""Calls between services whose pods stand in several zones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.defects.defects import Defect, Line, line_of, seeds
from tests.defects.operators.shape import callable_services, calling
from tests.metamorphic.repositories import Files

_LABELS = re.compile(r"(?m)^  selector:\n    matchLabels:\n      (?P<key>[\w./-]+): (?P<value>\S+)\n")
_CONTAINERS = re.compile(r"(?m)^      containers:\n")
_SERVICE = re.compile(
    r"(?m)^kind: Service\nmetadata:\n  name: (?P<name>[\w-]+)\n(?:  .*\n)*?(?P<spec>spec:\n)"
)
_COUNT = re.compile(r"(?m)^(  (?:replicas|minReplicas): )1$")


def _spread(text: str) -> str | None:
    """A manifest whose pods are three at least, and spread over zones."""
    labels, at = _LABELS.search(text), _CONTAINERS.search(text)
    if labels is None or at is None or _COUNT.search(text):
        return None
    constraint = (
        "      topologySpreadConstraints:\n        - topologyKey: topology.kubernetes.io/zone\n"
        "          maxSkew: 1\n          whenUnsatisfiable: ScheduleAnyway\n"
        f"          labelSelector: {{matchLabels: {{{labels['key']}: {labels['value']}}}}}\n"
    )
    return f"{text[: at.start()]}{constraint}{text[at.start() :]}"


@seeds("calls-cross-zones")
def spread_over_zones(files: Files) -> Iterator[Defect]:
    """Two services with pods in several zones, one of which calls the other, wherever its pods are."""
    known = callable_services(files)
    for target, (home, port) in sorted(known.items()):
        for caller, (path, _) in sorted(known.items()):
            ends = _spread(files[home]), _spread(files[path])
            if caller == target or home == path or ends[0] is None or ends[1] is None:
                continue
            made = {**files, home: ends[0], path: ends[1]}
            line = calling(made, path, target, port)
            front = next((item for item in _SERVICE.finditer(ends[0]) if item["name"] == target), None)
            assert front is not None
            sides: frozenset[Line] = frozenset({(path, line)})
            at = {line_of(ends[0], front.start("name")), line_of(ends[0], front.start("spec"))}
            yield Defect(f"{caller} calls {target}", made, frozenset((home, each) for each in at), sides)
