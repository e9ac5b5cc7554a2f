"""The clean shop with topics: one for each of its workloads, on a cluster that keeps three copies."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from archlint.finding import Finding
from archlint.model.world import World
from tests.arch.worlds import custom, rules, world_of
from tests.support.runners import found_in

SHOP = Path(__file__).parents[2] / "fixtures" / "shop" / "clean" / "deploy" / "kubernetes"
STRIMZI = "kafka.strimzi.io/v1beta2"
Change = Callable[[dict[str, Any]], object]


@cache
def shop() -> dict[str, str]:
    """The manifests of the clean shop, by name."""
    return {path.name: path.read_text("utf-8") for path in sorted(SHOP.glob("*.yaml"))}


@cache
def workloads() -> tuple[str, ...]:
    """What the clean shop deploys."""
    documents = [item for text in shop().values() for item in yaml.safe_load_all(text)]
    return tuple(
        item["metadata"]["name"]
        for item in documents
        if item and item["kind"] in ("Deployment", "StatefulSet")
    )


def cluster(**config: Any) -> dict[str, Any]:
    """The shop's Kafka cluster, as it should be."""
    settings = {"default.replication.factor": 3, "min.insync.replicas": 2, **config}
    return custom("Kafka", STRIMZI, "events", "shop", spec={"kafka": {"replicas": 3, "config": settings}})


def topic(name: str, **config: Any) -> dict[str, Any]:
    """A topic of the shop, as it should be."""
    spec = {"partitions": 6, "replicas": 3, "config": {"retention.ms": 604800000, **config}}
    made = custom("KafkaTopic", STRIMZI, f"{name}.events", "shop", spec=spec)
    made["metadata"]["labels"] = {"strimzi.io/cluster": "events"}
    return made


def shop_with(folder: Path, **files: Any) -> World:
    """The clean shop and further files, ``kafka`` is ``kafka.yaml``."""
    return world_of(folder, {**shop(), **{f"{name}.yaml": content for name, content in files.items()}})


def messaging_findings(world: World) -> list[Finding]:
    """What the rules about messaging find, those of all profiles."""
    return found_in(world, [rule for rule in rules() if "messaging" in rule.tags])
