"""Whose file a file of configuration is, and which variables fill it in."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.model.proxies.routes import mentions, proxy_routes
from tests.arch.worlds import deployment, world_of

TEMPLATE = "server {\n  location /cart/ {\n    proxy_pass http://${CART}:80/;\n  }\n}\n"


def told(folder: Path, files: dict) -> list[str]:
    found = []
    for item in mentions(world_of(folder, files)):
        span = item.place.span()
        found.append(
            f"{item.unit.name} -> {item.address.authority} {item.place.source.path}:{span.line}:{span.column}"
        )
    return found


def test_a_dockerfile_fills_in_the_template_of_its_folder(tmp_path: Path) -> None:
    files = {"web/Dockerfile": "FROM nginx\nENV CART=cart\n", "web/default.conf.template": TEMPLATE}
    assert told(tmp_path, files) == ["web -> cart:80 web/default.conf.template:3:23"]
    (route,) = proxy_routes(world_of(tmp_path, files))
    assert (route.unit.name, route.way.path, route.way.target_path) == ("web", "/cart/", "/")
    assert (route.way.place.span().line, route.way.place.span().column) == (2, 12)


def test_compose_says_more_than_the_dockerfile(tmp_path: Path) -> None:
    compose = (
        "services:\n  web:\n    build: web\n    environment: {CART: basket}\n  basket: {image: shop/cart}\n"
    )
    files = {
        "web/Dockerfile": "FROM nginx\nENV CART=cart\n",
        "web/default.conf.template": TEMPLATE,
        "compose.yaml": compose,
    }
    assert told(tmp_path, files) == ["web -> basket:80 web/default.conf.template:3:23"]


@pytest.mark.parametrize(
    "mount",
    [
        "./proxy/default.conf:/etc/nginx/conf.d/default.conf:ro",
        "./proxy:/etc/nginx/conf.d",
        "{type: bind, source: ./proxy, target: /x}",
    ],
)
def test_a_mounted_file_is_of_the_service_that_mounts_it(tmp_path: Path, mount: str) -> None:
    volume = mount if mount.startswith("{") else f"'{mount}'"
    compose = (
        "services:\n  edge:\n    image: nginx\n    environment: {CART: cart}\n"
        f"    volumes: [{volume}]\n  cart: {{image: shop/cart}}\n"
    )
    files = {"deploy/compose.yaml": compose, "deploy/proxy/default.conf": TEMPLATE, "go.mod": "module x\n"}
    assert told(tmp_path, files) == ["edge -> cart:80 deploy/proxy/default.conf:3:23"]


CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data:
  default.conf: |
    server {
      location / {
        proxy_pass http://cart:80;
      }
    }
  envoy.yaml: |-

    static_resources:
      clusters:
      - name: user
        hosts: [{socket_address: {address: user, port_value: 80}}]
  other.conf: "server { location / { proxy_pass http://quoted; } }"
  prometheus.yml: >
    scrape_configs: [{static_configs: [{targets: [folded]}]}]
"""


def test_config_maps_are_of_the_workload_that_mounts_them(tmp_path: Path) -> None:
    web = deployment("web")
    web["spec"]["template"]["spec"]["volumes"] = [{"name": "x", "configMap": {"name": "web"}}]
    files = {"web.yaml": [web], "config.yaml": CONFIG_MAP}
    assert told(tmp_path, files) == [
        "web -> user:80 config.yaml:16:44",
        "web -> folded config.yaml:18:19",
        "web -> cart:80 config.yaml:8:27",
        "web -> quoted config.yaml:17:15",
    ]


def test_only_chosen_entries_are_mounted(tmp_path: Path) -> None:
    web = deployment("web")
    chosen = {"name": "web", "items": [{"key": "default.conf", "path": "conf.d/default.conf"}]}
    web["spec"]["template"]["spec"]["volumes"] = [{"name": "x", "configMap": chosen}]
    files = {"web.yaml": [web], "config.yaml": CONFIG_MAP}
    assert told(tmp_path, files) == ["web -> cart:80 config.yaml:8:27"]


def test_upstreams_may_stand_in_another_file(tmp_path: Path) -> None:
    files = {
        "web/Dockerfile": "FROM nginx\n",
        "web/conf.d/upstreams.conf": "upstream carts { server cart:8080; }\n",
        "web/conf.d/site.conf": "server { location / { proxy_pass http://carts; } }\n",
        "web/docs/other.conf": "server { location / { proxy_pass http://other; } }\n",
    }
    assert told(tmp_path, files) == ["web -> cart:8080 web/conf.d/upstreams.conf:1:25"]


@pytest.mark.parametrize("text", ["{", "}" * 1000, "a " * 10000, "\0", "server " + "{" * 5000, '"' * 999])
def test_hostile_files_are_survived(tmp_path: Path, text: str) -> None:
    files = {"web/Dockerfile": "FROM nginx\n"}
    for name in ("nginx.conf", "haproxy.cfg", "Caddyfile", "httpd.conf", "envoy.yaml", "envoy.yaml.tmpl"):
        files[f"web/{name}"] = f"proxy_pass x; {text}"
    assert {item.split(" ")[2] for item in told(tmp_path, files)} <= {"x"}


def test_a_folder_that_several_services_mount_belongs_to_whom_names_the_file(tmp_path: Path) -> None:
    compose = (
        "services:\n  edge:\n    image: nginx\n    command: [nginx, -c, /x/site.conf]\n"
        "    volumes: ['./x:/x']\n"
        "  other:\n    image: busybox\n    volumes: ['${PWD}/x:/x']\n"
    )
    text = "server { location / { proxy_pass http://cart; } }\n"
    world = world_of(tmp_path, {"compose.yaml": compose, "x/site.conf": text})
    assert [(item.unit.name, item.confidence) for item in mentions(world)] == [
        ("edge", "high"),
        ("other", "low"),
    ]


@pytest.mark.parametrize(
    ("dockerfile", "confidence"),
    [
        ("FROM nginx\n", "high"),
        ("FROM alpine\nCOPY conf/ /etc/\n", "high"),
        ("FROM alpine\nCOPY conf/site.conf /etc/\n", "high"),
        ("FROM node\nRUN npm start conf\n", "low"),
    ],
)
def test_a_proxy_of_a_folder_is_in_its_image(tmp_path: Path, dockerfile: str, confidence: str) -> None:
    text = "server { location / { proxy_pass http://cart; } }\n"
    world = world_of(tmp_path, {"web/Dockerfile": dockerfile, "web/conf/site.conf": text})
    assert [item.confidence for item in mentions(world)] == [confidence]


BUILDS = """services:
  web:
    build: {context: ., dockerfile: docker/web.Dockerfile}
  orders:
    build: {context: ., dockerfile: docker/orders.Dockerfile}
"""


@pytest.mark.parametrize(
    ("web", "holders"),
    [
        ("FROM nginx\n", [("web", "high")]),
        ("FROM alpine\nCOPY docker/site.conf /etc/\n", [("web", "high")]),
        ("FROM alpine\n", [("docker", "low")]),
    ],
)
def test_a_proxy_of_a_folder_of_several_images_is_in_its_own(
    tmp_path: Path, web: str, holders: list[tuple[str, str]]
) -> None:
    """Not in all that are built there."""
    files = {
        "compose.yaml": BUILDS,
        "docker/web.Dockerfile": web,
        "docker/orders.Dockerfile": "FROM eclipse-temurin:21\n",
        "docker/site.conf": "server { location / { proxy_pass http://orders; } }\n",
    }
    assert [(item.unit.name, item.confidence) for item in mentions(world_of(tmp_path, files))] == holders


def test_what_a_kustomization_builds_keeps_its_lines(tmp_path: Path) -> None:
    web = deployment("web")
    web["spec"]["template"]["spec"]["volumes"] = [{"name": "x", "configMap": {"name": "web"}}]
    files = {
        "web.yaml": [web],
        "config.yaml": CONFIG_MAP,
        "kustomization.yaml": "namespace: shop\nresources: [web.yaml, config.yaml]\n",
    }
    assert "web -> cart:80 config.yaml:8:27" in told(tmp_path, files)
