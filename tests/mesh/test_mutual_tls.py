"""Peer authentications that are not strict, and callers that do not speak what is demanded."""

from __future__ import annotations

import pytest

from tests.net.worlds import custom, deployment, found_by

SECURITY, NETWORKING = "security.istio.io/v1", "networking.istio.io/v1"


def _peer(mode, namespace="shop", **spec):
    return custom("PeerAuthentication", SECURITY, "default", namespace, spec={"mtls": {"mode": mode}, **spec})


def _plain(host="orders", namespace="shop", mode="DISABLE"):
    spec = {"host": host, "trafficPolicy": {"tls": {"mode": mode}}}
    return custom("DestinationRule", NETWORKING, "orders", namespace, spec=spec)


def _found(tmp_path, *objects):
    found = found_by("mtls-not-strict", tmp_path, {"all.json": list(objects)})
    return [(finding.message_id, finding.aliases) for finding in found]


@pytest.mark.parametrize(
    ("mode", "messages"),
    [("STRICT", []), ("UNSET", []), (None, []), ("PERMISSIVE", ["permissive"]), ("DISABLE", ["disabled"])],
)
def test_modes(tmp_path, mode, messages) -> None:
    assert [message for message, _ in _found(tmp_path, _peer(mode))] == messages


def test_each_port_counts(tmp_path) -> None:
    ports = {"80": {"mode": "STRICT"}, "81": {"mode": "PERMISSIVE"}, "82": {"mode": "DISABLE"}}
    assert len(_found(tmp_path, _peer("STRICT", portLevelMtls=ports))) == 2


def test_other_kinds_of_the_same_name_do_not(tmp_path) -> None:
    other = custom("PeerAuthentication", "example.com/v1", "x", spec={"mtls": {"mode": "DISABLE"}})
    assert _found(tmp_path, other) == []


@pytest.mark.parametrize(
    ("host", "aliases"),
    [
        ("orders", ()),
        ("orders.shop.svc.cluster.local", ()),
        ("*.shop.svc.cluster.local", ("kiali:KIA0207",)),
    ],
)
def test_plain_text_to_a_strict_namespace(tmp_path, host, aliases) -> None:
    assert _found(tmp_path, _peer("STRICT"), _plain(host)) == [("callers", aliases)]


def test_plain_text_in_a_strict_mesh(tmp_path) -> None:
    labels = {"name": "shop", "labels": {"istio-injection": "enabled"}}
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": labels}
    mesh = _peer("STRICT", "istio-system")
    assert _found(tmp_path / "a", mesh, _plain(), namespace) == [("callers", ())]
    assert _found(tmp_path / "b", mesh, _plain()) == []
    assert _found(tmp_path / "c", mesh, _plain(), namespace, _peer("PERMISSIVE")) == [("permissive", ())]


@pytest.mark.parametrize(
    "others",
    [
        [_peer("STRICT"), _plain(mode="ISTIO_MUTUAL")],
        [_peer("STRICT"), _plain("orders.bank.svc.cluster.local")],
        [_peer("STRICT"), _plain("orders.example.com")],
        [_peer("STRICT"), _peer("UNSET", selector={"matchLabels": {"app": "orders"}}), _plain()],
        [_plain()],
    ],
    ids=["mutual", "other namespace", "outside", "exception", "nothing demanded"],
)
def test_what_is_no_contradiction(tmp_path, others) -> None:
    assert _found(tmp_path, *others) == []


def test_pods_without_sidecar_demand_nothing(tmp_path) -> None:
    legacy = deployment("orders", "shop")
    legacy["spec"]["template"]["metadata"]["labels"]["sidecar.istio.io/inject"] = "false"
    assert _found(tmp_path, _peer("STRICT"), _plain(), legacy) == []


def test_a_peer_without_a_mode_leaves_it_to_the_mesh(tmp_path) -> None:
    labels = {"name": "shop", "labels": {"istio-injection": "enabled"}}
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": labels}
    objects = [_peer("STRICT", "istio-system"), _plain(), namespace]
    for number, mode in enumerate(("UNSET", None)):
        assert _found(tmp_path / str(number), _peer(mode), *objects) == [("callers", ())]
