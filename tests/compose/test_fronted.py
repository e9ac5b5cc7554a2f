"""Services that a proxy of their project finds by labels and variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.graph.test_discovery import calls

PROXIES = {
    "traefik": ("traefik:v3", "    labels: ['traefik.http.routers.shop.rule=Host(`a`)']\n"),
    "old": ("library/traefik:1.7", "    labels: {traefik.frontend.rule: 'Host:a'}\n"),
    "swarm": ("traefik", "    deploy: {labels: ['traefik.enable=true']}\n"),
    "caddy": ("lucaslorentz/caddy-docker-proxy", "    labels: {caddy: a.org, caddy.reverse_proxy: x}\n"),
    "nginx": ("jwilder/nginx-proxy", "    environment: ['VIRTUAL_HOST=a.org']\n"),
}


def project(image: str, body: str, more: str = "") -> dict[str, str]:
    return {"compose.yaml": f"services:\n  edge: {{image: '{image}'}}\n  shop:\n    image: s\n{body}{more}"}


@pytest.mark.parametrize("name", PROXIES)
def test_a_proxy_sends_to_what_has_its_labels(tmp_path: Path, name: str) -> None:
    found = calls(tmp_path, project(*PROXIES[name]))
    assert {ends: where for ends, (where, _) in found.items()} == {("edge", "shop"): "compose.yaml:5"}


@pytest.mark.parametrize(
    ("image", "body", "more"),
    [
        ("traefik", "    labels: {traefik.enable: 'false', traefik.port: '80'}\n", ""),
        ("traefik", "    labels: {other.enable: 'true'}\n", ""),
        ("nginx", "    labels: {traefik.enable: 'true'}\n", ""),
        ("traefik", "    labels: {traefik.enable: 'true'}\n", "  second: {image: traefik}\n"),
        ("traefik", "    labels: 3\n", ""),
    ],
)
def test_other_labels_say_nothing(tmp_path: Path, image: str, body: str, more: str) -> None:
    assert calls(tmp_path, project(image, body, more)) == {}
