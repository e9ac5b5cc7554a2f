"""What holds for all clusters, by the meaning of policies, tried on random ones."""

from __future__ import annotations

import os
from collections.abc import Iterator

from archlint.comparison.connections import ConnectionChange, ConnectionChangeKind, connection_changes
from archlint.model.network.connectivity import NONE, ConnectionSet, Connectivity
from archlint.model.network.connectivity.listing import connections
from tests.net.connectivity.clusters import cluster_of, namespace, pod, shown
from tests.net.connectivity.generated import Made, Maker

CLUSTERS = int(os.environ.get("ARCHLINT_CLUSTERS", "40")) // 4
"""So many are tried for each law."""


def makers(law: str) -> Iterator[Maker]:
    return (Maker(f"{law} {seed}") for seed in range(CLUSTERS))


def sets_of(found: Connectivity) -> dict[tuple[str, str], ConnectionSet]:
    return {(item.source.name, item.destination.name): item.bounds.taken for item in connections(found)}


def test_the_order_of_objects_says_nothing() -> None:
    for maker in makers("order"):
        objects = maker.cluster()
        turned = maker.chance.sample(objects, len(objects))
        assert shown(cluster_of(objects)) == shown(cluster_of(turned))


def test_a_policy_may_be_split_into_one_for_each_rule_and_direction() -> None:
    for maker in makers("split"):
        objects = maker.cluster()
        split = [part for item in objects for part in _split(item)]
        assert shown(cluster_of(objects)) == shown(cluster_of(split))


def _split(item: Made) -> Iterator[Made]:
    if item["kind"] != "NetworkPolicy":
        yield item
        return
    spec = item["spec"]
    types = spec.get("policyTypes") or ["Ingress", *(["Egress"] if spec.get("egress") else [])]
    for kind in types:
        direction = kind.lower()
        for number, rules in enumerate([[], *([rule] for rule in spec.get(direction, []))]):
            name = f"{item['metadata']['name']}-{direction}-{number}"
            own = {"podSelector": spec["podSelector"], "policyTypes": [kind], direction: rules}
            yield {**item, "metadata": {**item["metadata"], "name": name}, "spec": own}


def test_a_rule_of_an_administrator_may_be_split_into_neighbours() -> None:
    for maker in makers("neighbours"):
        objects = [*maker.namespaces(), *maker.pods(), *maker.policies(2), *maker.admin_policies(3)]
        split = [_with_neighbours(item) for item in objects]
        assert shown(cluster_of(objects)) == shown(cluster_of(split))


def _with_neighbours(item: Made) -> Made:
    if not item["apiVersion"].startswith("policy."):
        return item
    spec = dict(item["spec"])
    for direction, key in (("ingress", "from"), ("egress", "to")):
        spec[direction] = [{**rule, key: [peer]} for rule in spec[direction] for peer in rule[key]]
    return {**item, "spec": spec}


def test_a_further_policy_closes_nothing_for_pods_that_are_isolated_already() -> None:
    opened = 0
    for maker in makers("further"):
        everyone = [_isolating(space) for space in ("a", "b", "c")]
        objects = [*maker.namespaces(), *maker.pods(), *everyone]
        objects += [*maker.policies(3), *maker.admin_policies(2)]
        changes = _changes(objects, maker.policies(2))
        assert all(not item.base - item.revision for item in changes)
        opened += len(changes)
    assert opened


def _changes(objects: list[Made], further: list[Made]) -> list[ConnectionChange]:
    return connection_changes(cluster_of(objects), cluster_of([*objects, *further]))


def _isolating(space: str) -> Made:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "all", "namespace": space},
        "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]},
    }


def test_the_first_policies_open_nothing_where_no_baseline_applies() -> None:
    closed = 0
    for maker in makers("first"):
        objects = [*maker.namespaces(), *maker.pods()]
        objects += [item for item in maker.admin_policies(2) if not _is_baseline(item)]
        changes = _changes(objects, maker.policies(3))
        assert all(not item.revision - item.base for item in changes)
        closed += len(changes)
    assert closed


def test_with_a_baseline_the_first_policy_may_open_something() -> None:
    assert any(_opens(Maker(f"baseline {seed}")) for seed in range(200))


def _opens(maker: Maker) -> bool:
    objects = [*maker.namespaces(), *maker.pods()]
    baselines = [item for item in maker.admin_policies(8) if _is_baseline(item)]
    changes = _changes([*objects, *baselines], maker.policies(4)) if baselines else []
    return any(item.revision - item.base for item in changes)


def _is_baseline(item: Made) -> bool:
    return item["kind"] == "BaselineAdminNetworkPolicy" or item["spec"].get("tier") == "Baseline"


def test_of_two_policies_with_one_priority_none_wins() -> None:
    peer = {"namespaces": {}}

    def admin(name: str, *rules: tuple[str, int]) -> Made:
        ingress = [
            {"action": action, "from": [peer], "protocols": [{"tcp": {"destinationPort": {"number": port}}}]}
            for action, port in rules
        ]
        spec = {"tier": "Admin", "priority": 5, "subject": peer, "ingress": ingress}
        version = "policy.networking.k8s.io/v1beta1"
        metadata = {"name": name}
        return {"apiVersion": version, "kind": "ClusterNetworkPolicy", "metadata": metadata, "spec": spec}

    one = admin("x", ("Accept", 80), ("Deny", 81), ("Deny", 82))
    other = admin("y", ("Deny", 80), ("Deny", 81))
    cluster = cluster_of([namespace("a"), pod("p", "a"), pod("q", "a"), one, other])
    ends = ("a/q[Pod]", "a/p[Pod]")
    (found,) = (item for item in connections(cluster) if (item.source.name, item.destination.name) == ends)
    assert str(found.bounds.doubtful) == "TCP 80"
    assert not found.bounds.taken.has("TCP", 80)
    assert not found.bounds.possibly.has("TCP", 81)
    assert found.bounds.surely.has("TCP", 83)


def test_bounds_lie_in_each_other() -> None:
    for maker in makers("bounds"):
        objects = maker.cluster()
        hidden = [item for item in objects if item["kind"] != "Namespace" or maker.often()]
        found = cluster_of(hidden)
        for item in connections(found):
            assert not item.bounds.surely - item.bounds.taken
            assert not item.bounds.taken - item.bounds.possibly


def test_what_changes_is_the_difference_of_both_lists() -> None:
    for maker in makers("changes"):
        base, revision = maker.cluster(), maker.cluster()
        old, new = cluster_of(base), cluster_of(revision)
        assert connection_changes(old, old) == []
        forth, back = connection_changes(old, new), connection_changes(new, old)
        assert {(item.source, item.destination, item.base, item.revision) for item in forth} == {
            (item.source, item.destination, item.revision, item.base) for item in back
        }
        for item in forth:
            added, removed = not item.base, not item.revision
            assert (item.kind is ConnectionChangeKind.ADDED) is added
            assert (item.kind is ConnectionChangeKind.REMOVED) is removed
        listed_old, listed_new = sets_of(old), sets_of(new)
        pods = {ends for ends in {*listed_old, *listed_new} if "External" not in f"{ends}"}
        changed = {(item.source, item.destination) for item in forth}
        for ends in pods:
            is_changed = listed_old.get(ends, NONE) != listed_new.get(ends, NONE)
            assert (ends in changed) is is_changed
