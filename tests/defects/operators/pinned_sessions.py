"""Sessions that are bound to pods: each Service of several pods is told to send a client to the same one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.manifests import fronts, manifests, workloads
from tests.metamorphic.repositories import Files

_TIMES = (
    "",
    "  sessionAffinityConfig: {clientIP: {timeoutSeconds: 600}}\n",
    "  publishNotReadyAddresses: true\n",
    "  internalTrafficPolicy: Cluster\n",
)
_COUNT = re.compile(r"(?m)^  replicas: \d+\n")


@seeds("sessions-bound-to-pods")
def clients_kept_on_one_pod(files: Files) -> Iterator[Defect]:
    """A Deployment of several pods behind a Service with session affinity."""
    known = fronts(files)
    for item in workloads(files):
        front = known.get(item.name)
        spec = re.search(r"(?m)^spec:\n", front.text) if front else None
        if item.kind != "Deployment" or front is None or spec is None:
            continue
        for number, more in enumerate(_TIMES):
            entry = f"  sessionAffinity: ClientIP\n{more}"
            text = front.text[: spec.end()] + entry + front.text[spec.end() :]
            line = (front.path, front.first + front.text.count("\n", 0, spec.end()))
            changed = front.with_text(files, text)
            several = _COUNT.sub("", item.text).replace(
                "\nspec:\n", f"\nspec:\n  replicas: {2 + number}\n", 1
            )
            at = next(each for each in workloads(changed) if each.name == item.name)
            changed = at.with_text(changed, several)
            if line[0] == at.path and line[1] > at.first:
                line = (line[0], line[1] + several.count("\n") - at.text.count("\n"))
            sides = {(at.path, at.first + step) for step in range(several.count("\n") + 1)}
            for scaler in manifests(changed, "HorizontalPodAutoscaler"):
                sides |= scaler.lines if scaler.name == item.name else set()
            yield Defect(f"{item.name} ({number})", changed, frozenset({line}), frozenset(sides))
