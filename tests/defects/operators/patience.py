"""Callers that wait less long than what they call may take."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.defects.defects import Defect, Line, line_of, seeds
from tests.defects.manifests import Manifest, calls, manifests
from tests.metamorphic.repositories import Files

_TIMEOUT = re.compile(r"(?m)^(?P<indent> +)timeout: (?P<value>\d+s)$")
_TRY = re.compile(r"perTryTimeout: \d+s")
_DESTINATION = re.compile(r"(?m)^ +-? *(?:destination: \{)?host: (?P<host>[a-z][a-z0-9-]*)")


def _targets(route: Manifest) -> set[str]:
    return {match["host"] for match in _DESTINATION.finditer(route.text)}


def _with_timeouts(files: Files, host: str, value: str) -> tuple[dict[str, str], frozenset[Line]]:
    """All timeouts of virtual services that lead to a host alone, set to one value; and their lines."""
    changed, lines = dict(files), set()
    for route in manifests(files, "VirtualService"):
        if any(name.split(".")[0] == host for name in _targets(route)):
            text = _TIMEOUT.sub(rf"\g<indent>timeout: {value}", route.text)
            text = _TRY.sub(f"perTryTimeout: {value}", text)
            changed = route.with_text(changed, text)
            starts = (match.start() for match in _TIMEOUT.finditer(text))
            lines |= {(route.path, route.first + line_of(text, start) - 1) for start in starts}
    return changed, frozenset(lines)


@seeds("timeout-shorter-than-calls")
def impatient_caller(files: Files) -> Iterator[Defect]:
    """What a service waits for takes longer than its own callers wait for it."""
    for call in calls(files):
        for up, down in (("2s", "9s"), ("30s", "60s"), ("1s", "300s")):
            changed, places = _with_timeouts(files, call.caller.name, up)
            changed, others = _with_timeouts(changed, call.callee, down)
            if places and others:
                yield Defect(f"{call.caller.name} {up} {call.callee} {down}", changed, places, others)
