"""What compose services connect to: addresses in variables and commands, and what only confirms them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.finding import Confidence
from archlint.model.compose.mentions import mentions
from tests.arch.worlds import findings_of, world_of
from tests.compose.projects import at

OTHERS = "  cart: {image: c, hostname: basket}\n  db: {image: postgres}\n"


def mentioned(folder: Path, files: dict[str, str], *, low: bool = False) -> set[tuple[str, str, str, str]]:
    """Caller, address, place and confidence of each mention."""
    return {
        (item.unit.name, item.text, at(item.place), item.confidence.value)
        for item in mentions(world_of(folder, dict(files)))
        if item.is_call and (low or item.confidence is not Confidence.LOW)
    }


def of_web(folder: Path, body: str, **files: str) -> set[tuple[str, str, str]]:
    """Address, place and confidence of what a service 'web' with this body mentions."""
    text = f"services:\n{OTHERS}  web:\n    image: w\n{body}"
    named = {name.replace("_", "."): value for name, value in files.items()}
    return {found[1:] for found in mentioned(folder, {"compose.yaml": text, **named})}


@pytest.mark.parametrize(
    ("entry", "text", "columns"),
    [
        ("CART_URL: http://cart:80/x", "CART_URL=http://cart:80", "24-28"),
        ("CART_ADDR: 'basket:80'", "CART_ADDR=basket:80", "19-25"),
        ("DB_HOST: db", "DB_HOST=db", "16-18"),
        ("DSN: postgres://me:db@db/x", "DSN=postgres://db", "29-31"),
        ("USER_URL: jdbc:postgresql://db/x", "USER_URL=postgresql://db", None),
        ("CART_IMAGE_HOST: cart", "CART_IMAGE_HOST=cart", None),
        ("OPTS: -Durl=http://cart:80 -Xmx1g", "OPTS=http://cart:80", "26-30"),
        ("CART_HOST: 'cart:${PORT}'", "CART_HOST=cart", "19-23"),
    ],
)
def test_variables_name_peers(tmp_path: Path, entry: str, text: str, columns: str | None) -> None:
    found = of_web(tmp_path, f"    environment:\n      {entry}\n")
    if columns is None:
        assert found == set()
    else:
        assert found == {(text, f"compose.yaml:7:{columns}", "high")}


@pytest.mark.parametrize(
    "entry",
    [
        "CORS_ORIGIN: http://cart",
        "SELF_CHECK: http://web:80",
        "X: cart",
        "API_URL: http://localhost:80",
        "API: 10.0.0.1:80",
        "CART_URL: http://${UNKNOWN}:80",
        "OPTIONS: -Dx=other:80",
        "LISTEN: 0.0.0.0:80",
    ],
)
def test_other_values_are_no_calls(tmp_path: Path, entry: str) -> None:
    assert of_web(tmp_path, f"    environment:\n      {entry}\n") == set()


def test_the_word_of_a_host_says_nothing_of_its_use(tmp_path: Path) -> None:
    web = "{image: w, environment: {IMAGE_PROVIDER_HOST: image-provider}}"
    text = f"services: {{image-provider: {{image: x}}, web: {web}}}"
    assert [item.is_call for item in mentions(world_of(tmp_path, {"compose.yaml": text}))] == [True]


def test_a_port_beside_a_host_belongs_to_it(tmp_path: Path) -> None:
    body = "    environment: [CART_HOST, CART_PORT]\n"
    found = of_web(tmp_path, body, _env="CART_HOST=cart\nCART_PORT=8080\n")
    assert found == {("CART_HOST=cart:8080", ".env:1:11-15", "high")}


def test_a_value_of_several_services_is_less_sure(tmp_path: Path) -> None:
    text = (
        "x-env: &env {CART_URL: 'http://cart'}\n"
        f"services:\n{OTHERS}  a: {{image: a, environment: *env}}\n  b: {{image: b, environment: *env}}\n"
        "  c: {image: c, env_file: common.env}\n  d: {image: d, env_file: common.env}\n"
    )
    found = mentioned(tmp_path, {"compose.yaml": text, "common.env": "DB_URL=postgres://db\n"}, low=True)
    assert {item[3] for item in found if item[0] in "ab"} == {"medium"}
    assert {item[2:] for item in found if item[0] in "cd"} == {("common.env:1:19-21", "low")}


def test_a_collector_has_variables_at_hand_only(tmp_path: Path) -> None:
    text = f"services:\n{OTHERS}  otel: {{image: otel/opentelemetry-collector, environment: [CART=http://cart]}}\n"
    found = mentioned(tmp_path, {"compose.yaml": text}, low=True)
    assert {item[3] for item in found} == {"low"}


def test_commands_name_peers(tmp_path: Path) -> None:
    body = "    entrypoint: [wait, 'db:5432', --cart=http://cart:80]\n    command: curl other:1 10:20 http://x.org/\n"
    assert of_web(tmp_path, body) == {
        ("db:5432", "compose.yaml:6:25-27", "high"),
        ("http://cart:80", "compose.yaml:6:49-53", "high"),
        ("http://x.org", "compose.yaml:7:40-45", "medium"),
    }


def test_health_checks_and_builds_say_nothing(tmp_path: Path) -> None:
    body = "    healthcheck: {test: [CMD, curl, 'http://cart']}\n    build: {context: ., args: {A: 'http://cart'}}\n"
    assert of_web(tmp_path, body) == set()


def test_dependencies_alone_are_at_hand_only(tmp_path: Path) -> None:
    text = (
        f"services:\n{OTHERS}"
        "  web: {image: w, depends_on: [cart], links: ['db:sql'], external_links: [old_1], environment:"
        " {A_URL: 'mysql://sql'}}\n"
    )
    found = mentioned(tmp_path, {"compose.yaml": text}, low=True)
    assert {(item[1], item[3]) for item in found} == {
        ("depends_on: cart", "low"),
        ("links: db", "low"),
        ("external_links: old_1", "low"),
        ("A_URL=mysql://sql", "high"),
    }


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["", "a", "http://a:80", "$A", "a:1", "A=a:1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=6,
)
KEYS = (
    "environment env_file command entrypoint links depends_on networks ports extends volumes secrets configs"
    " volumes_from network_mode models hostname container_name image build external_links expose profiles"
)


@given(st.dictionaries(st.sampled_from(KEYS.split()), VALUES, max_size=6), VALUES)
def test_any_shape_is_read(tmp_path_factory: pytest.TempPathFactory, body: object, other: object) -> None:
    text = json.dumps({"services": {"a": body, "b": {"image": "x", "extends": other}}, "include": other})
    world = world_of(tmp_path_factory.mktemp("any"), {"compose.yaml": text, ".env": "A=${A:-b}\n"})
    for item in mentions(world):
        assert item.place.span() and item.text
    for finding in findings_of(world):
        assert finding.message
