"""Defects of topics, seeded into the clean shop: each is found, at its place, and nothing else is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.messaging.worlds import Change, cluster, messaging_findings, shop_with, topic, workloads


def config(key: str, value: object) -> Change:
    return lambda item: item["spec"].setdefault("config", {}).update({key: value})


def spec(key: str, value: object) -> Change:
    return lambda item: item["spec"].update({key: value})


def dropped(key: str) -> Change:
    return lambda item: item["spec"]["config"].pop(key)


OF_TOPICS: dict[str, tuple[Change, str]] = {
    "one copy": (spec("replicas", 1), "kafka-writes-stop kafka-replicas-low"),
    "two copies": (spec("replicas", 2), "kafka-writes-stop kafka-replicas-low"),
    "all copies": (config("min.insync.replicas", 3), "kafka-writes-stop"),
    "all copies as text": (config("min.insync.replicas", "3"), "kafka-writes-stop"),
    "more than all": (config("min.insync.replicas", 4), "kafka-writes-stop"),
    "kept as long as somebody says": (dropped("retention.ms"), "kafka-retention-unset"),
}


def test_the_clean_shop_with_topics_gives_nothing(tmp_path: Path) -> None:
    world = shop_with(tmp_path, kafka=[cluster(), *map(topic, workloads())])
    assert messaging_findings(world) == []


@pytest.mark.parametrize("name", workloads())
@pytest.mark.parametrize("defect", OF_TOPICS)
def test_a_seeded_defect_of_a_topic_is_found(tmp_path: Path, name: str, defect: str) -> None:
    change, rules = OF_TOPICS[defect]
    topics = {each: topic(each) for each in workloads()}
    change(topics[name])
    found = messaging_findings(shop_with(tmp_path, kafka=[cluster(), *topics.values()]))
    assert sorted(finding.rule for finding in found) == sorted(rules.split())
    assert {finding.object.name for finding in found if finding.object} == {f"{name}.events"}
    assert all(finding.related for finding in found if finding.rule != "kafka-retention-unset")


OF_CLUSTERS: list[tuple[dict[str, Any], str]] = [
    *(({"default.replication.factor": copies}, "kafka-defaults-low") for copies in (1, 2)),
    *(({"offsets.topic.replication.factor": copies}, "kafka-defaults-low") for copies in (1, 2)),
    *(({"transaction.state.log.min.isr": least}, "kafka-transactions-stop") for least in (3, 4)),
    ({"transaction.state.log.replication.factor": 2}, "kafka-defaults-low kafka-transactions-stop"),
    ({"min.insync.replicas": 3}, "kafka-writes-stop"),
]


@pytest.mark.parametrize(("settings", "rules"), OF_CLUSTERS)
def test_a_seeded_defect_of_a_cluster_is_found(tmp_path: Path, settings: dict[str, Any], rules: str) -> None:
    found = messaging_findings(shop_with(tmp_path, kafka=[cluster(**settings), topic("orders")]))
    assert sorted(finding.rule for finding in found) == sorted(rules.split())


def test_two_clusters_of_one_name_are_those_of_their_folders(tmp_path: Path) -> None:
    """A copy for tests has one broker, and its topics one copy."""
    small, single = cluster(**{"min.insync.replicas": 1, "default.replication.factor": 1}), topic("orders")
    small["spec"]["kafka"]["replicas"] = 1
    single["spec"]["replicas"] = 1
    files = {"prod/kafka": [cluster(), topic("orders")], "test/kafka": [small, single]}
    assert messaging_findings(shop_with(tmp_path, **files)) == []
