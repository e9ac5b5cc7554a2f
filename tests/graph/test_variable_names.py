"""The name of a variable tells whether it holds the address of a peer, or what others are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.model.graph import service_graph
from tests.arch.worlds import deployment, service, world_of

PEERS = (
    "ADDR ADDRESS ADDRESSES HOST HOSTS HOSTNAME URL URLS URI URIS ENDPOINT ENDPOINTS SERVER SERVERS BROKER"
    " BROKERS BOOTSTRAP TARGET UPSTREAM BACKEND DSN PEER PEERS NODE NODES PROXY CONNECTION DATASOURCE"
)
ENDINGS = "ADDR ADDRESS HOST HOSTS URL URI ENDPOINT SERVER SERVERS BROKERS DSN"
OTHERS = (
    "CORS ORIGIN ALLOWED REDIRECT CALLBACK RETURN PUBLIC ADVERTISE ADVERTISED ANNOUNCE ISSUER AUDIENCE COOKIE"
    " LISTEN LISTENER BIND HOMEPAGE LOGO IMAGE SCHEMA REFERER SELF DOMAIN DOC SUBJECT TOPIC TAG VERSION USER"
    " GROUP TIME INTERVAL SCHEDULE KEY LABEL NAME SWAGGER"
)


def called(folder: Path, names: list[str], value: str) -> set[str]:
    """Of variables that each hold the address of another service, those that make an edge."""
    peers = {f"peer{at}": name for at, name in enumerate(names)}
    web = deployment("web", **{name: value.format(peer) for peer, name in peers.items()})
    objects = [web, *map(deployment, peers), *map(service, peers)]
    graph = service_graph(world_of(folder, {"all.yaml": objects}))
    return {peers[graph.nodes[edge.target].name] for edge in graph.edges}


@pytest.mark.parametrize("value", ["{}", "{}:80"])
def test_names_of_peers(tmp_path: Path, value: str) -> None:
    names = [
        form
        for word in PEERS.split()
        for form in (f"CART_{word}", f"{word}_1", f"cart.{word.lower()}", f"cart-{word}")
    ]
    names += [f"CART{word}" for word in ENDINGS.split()]
    assert called(tmp_path, names, value) == set(names)


def test_a_bare_word_is_an_address_only_where_the_name_says_so(tmp_path: Path) -> None:
    names = ["GREETING", "CART", "CARTPEER", "MODE", "CURLY", "A_GHOSTLY"]
    assert called(tmp_path, names, "{}") == set()
    assert called(tmp_path / "2", names, "http://{}/") == set(names)


def test_names_of_what_is_told_to_others(tmp_path: Path) -> None:
    names = [
        form
        for word in OTHERS.split()
        for form in (f"{word}_URL", f"URL_{word}", f"{word}S_URL", f"url.{word.lower()}")
    ]
    names += ["NO_PROXY", "no_proxy", "ROOT_URL", "APP_EXTERNAL_URL"]
    assert called(tmp_path, names, "http://{}/") == set()


def test_services_are_called_after_things(tmp_path: Path) -> None:
    names = ["USER_SERVICE_URL", "IMAGES_API_HOST", "SCHEMA_REGISTRY_URL", "GROUP_SERVER"]
    silent = ["IMAGE_URL", "PUBLIC_API_URL", "TOPIC_SERVICE_NAME", "CORS_SERVER_URL"]
    assert called(tmp_path, [*names, *silent], "{}:80") == set(names)
