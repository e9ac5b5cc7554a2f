"""Routes that are called unreachable are reached by no request, and hosts overlap where a name fits both."""

from __future__ import annotations

import json
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from archlint.documents import load_text
from archlint.files import Kind
from archlint.model.istio.gateways import hosts_overlap
from archlint.model.istio.matches import covered_routes
from archlint.model.istio.routing import TrafficRoute

PATHS = ["".join(parts) for size in range(1, 5) for parts in product("/ab", repeat=size)]
REQUESTS = list(product(PATHS, ["GET", "POST"]))
_TEXTS = st.sampled_from(["/", "/a", "/ab", "/a/", "/b", ""])
_URIS = st.one_of(st.none(), st.tuples(st.sampled_from(["prefix", "exact"]), _TEXTS))
_MATCHES = st.tuples(_URIS, st.sampled_from([None, "GET", "POST"]))
_ROUTES = st.lists(st.lists(_MATCHES, max_size=3), min_size=1, max_size=5)
_HOSTS = st.sampled_from(["*", "*.com", "*.a.com", "a.com", "b.a.com", "x.b.a.com", "*.org", "a.org"])
_NAMES = [".".join(parts) for size in (2, 3, 4) for parts in product("abx", repeat=size - 1)]


def _takes(match, request) -> bool:
    uri, method = match
    path, verb = request
    if method is not None and method != verb:
        return False
    if uri is None:
        return True
    return path.startswith(uri[1]) if uri[0] == "prefix" else path == uri[1]


def _written(match) -> dict[str, object]:
    uri, method = match
    said: dict[str, object] = {"uri": {uri[0]: uri[1]}} if uri else {}
    return said | ({"method": {"exact": method}} if method else {})


@given(_ROUTES)
def test_no_request_reaches_a_route_that_is_called_unreachable(routes) -> None:
    text = json.dumps({"http": [{"match": [_written(match) for match in route]} for route in routes]})
    root = load_text("r.json", text, Kind.DATA).documents[0].root
    found = covered_routes([TrafficRoute("http", node) for node in root.get("http").elements()])
    unreachable = {route.node.route[-1] for route, covered, count in found if len(covered) == count}
    reached = set()
    for request in REQUESTS:
        for number, route in enumerate(routes):
            if not route or any(_takes(match, request) for match in route):
                reached.add(number)
                break
    assert not unreachable & reached


@given(_HOSTS, _HOSTS)
def test_hosts_overlap_if_a_name_fits_both(one: str, other: str) -> None:
    names = [f"{name}.{end}" for name in ("a", "b", *_NAMES) for end in ("com", "org")]
    fits = [name for name in names if all(_fits(name, host) for host in (one, other))]
    assert hosts_overlap(one, other) == bool(fits)
    assert hosts_overlap(one, other) == hosts_overlap(other, one)


def _fits(name: str, host: str) -> bool:
    return name.endswith(host[1:]) if host.startswith("*") else name == host
