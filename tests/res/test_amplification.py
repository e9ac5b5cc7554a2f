"""The most calls that one request becomes are those of the worst way, whatever the graph of calls is."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.metamorphic.repositories import findings_in
from tests.net.worlds import rules_of

_MOST = 10
_PAIRS = [(one, other) for one in range(5) for other in range(one + 1, 5)]


def _objects(calls: set[tuple[int, int]], retries: list[int]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for at, attempts in enumerate(retries):
        name, labels = f"shelf-{'abcde'[at]}", {"app": f"s{at}"}
        env = [
            {"name": f"SHELF_{to}_URL", "value": f"http://shelf-{'abcde'[to]}:8080"}
            for one, to in sorted(calls)
            if one == at
        ]
        pod = {"containers": [{"name": "main", "image": f"shop/{name}:1.0.0", "env": env}]}
        template = {"metadata": {"labels": labels}, "spec": pod}
        deployment = {"selector": {"matchLabels": labels}, "template": template}
        route = {"route": [{"destination": {"host": name}}], "retries": {"attempts": attempts}}
        parts = (
            ("apps/v1", "Deployment", deployment),
            ("v1", "Service", {"selector": labels, "ports": [{"port": 8080}]}),
            ("networking.istio.io/v1", "VirtualService", {"hosts": [name], "http": [route]}),
        )
        for version, kind, spec in parts:
            metadata = {"name": name, "namespace": "shop"}
            found.append({"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec})
    return found


def _worst(calls: set[tuple[int, int]], retries: list[int]) -> int:
    """The product of the worst way, by trying all of them."""
    best = [1] * len(retries)
    for one, to in sorted(calls):
        best[to] = max(best[to], best[one] * (retries[to] + 1))
    return max(best)


@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from(_PAIRS)), st.lists(st.integers(0, 4), min_size=5, max_size=5))
def test_retries_are_told_exactly_where_the_worst_way_exceeds_the_limit(
    calls: set[tuple[int, int]], retries: list[int]
) -> None:
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": _objects(calls, retries)})
    findings = findings_in({"shop.json": text}, rules_of("RES"))
    told = [item.message for item in findings if item.rule == "retries-multiply"]
    worst = _worst(calls, retries)
    assert bool(told) == (worst > _MOST)
    assert not told or any(f"becomes {worst} calls" in message for message in told)
