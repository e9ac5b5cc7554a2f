"""What a namespace asks for, beside its quota."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.model.costs.quotas import TightQuota
from tests.arch.worlds import custom, deployment, findings_of, world_of

PODS = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 4000), st.integers(0, 9)), min_size=1, max_size=5)


def objects(pods: list[tuple[int, int, int]], allowed: int) -> list[dict[str, Any]]:
    """Workloads with replicas, thousandths of a CPU, and a maximum above them; and a quota."""
    found = [custom("ResourceQuota", "v1", "all", "shop", spec={"hard": {"requests.cpu": f"{allowed}m"}})]
    for number, (replicas, cpu, more) in enumerate(pods):
        item = deployment(f"s{number}", "shop")
        item["spec"]["replicas"] = replicas
        container = item["spec"]["template"]["spec"]["containers"][0]
        container["resources"] = {"requests": {"cpu": f"{cpu}m"}}
        found.append(item)
        if more:
            target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": f"s{number}"}
            spec = {"scaleTargetRef": target, "minReplicas": replicas, "maxReplicas": replicas + more}
            scaler = custom("HorizontalPodAutoscaler", "autoscaling/v2", f"s{number}", "shop", spec=spec)
            found.append(scaler)
    return found


@given(pods=PODS, allowed=st.integers(1, 60_000))
def test_the_sum_is_that_of_all_pods_at_the_maxima(
    tmp_path_factory: pytest.TempPathFactory, pods: list[tuple[int, int, int]], allowed: int
) -> None:
    world = world_of(tmp_path_factory.mktemp("quota"), {"all.yaml": objects(pods, allowed)})
    least = sum(replicas * cpu for replicas, cpu, _ in pods)
    most = sum((replicas + more) * cpu for replicas, cpu, more in pods)
    found = [(item.needed.at_least * 1000, item.needed.at_most * 1000) for item in world.all(TightQuota)]
    assert found == ([(Fraction(least), Fraction(most))] if most > allowed else [])


def test_what_is_not_written_counts_nothing(tmp_path: Path) -> None:
    quota = custom("ResourceQuota", "v1", "all", "shop", spec={"hard": {"requests.cpu": "1m", "pods": "2"}})
    jobs = deployment("nightly", "shop", kind="CronJob")
    world = world_of(tmp_path, {"all.yaml": [quota, deployment("cart", "shop"), jobs]})
    assert findings_of(world, "quota-below-peak") == []
