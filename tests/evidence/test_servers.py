"""A request belongs to a server whatever the variables of its address stand for: listed values, the default,
and any text where none are listed."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.recorded import entry, har, lay_out
from tests.support.inside import archlint

LISTED: dict[str, Any] = {"default": "eu", "enum": ["eu", "us"]}
FREE: dict[str, Any] = {"default": "v1"}
ADDRESSES = (
    "https://{a}.shop.example/{b}",
    "https://shop.example/{a}/api-{b}",
    "https://shop.example/x/{a}/{b}/y",
    "https://{a}.{b}.shop.example/api",
    "http://shop.example:8080/{a}{b}",
)
NAMED = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
ITEM = {"get": {"parameters": [NAMED], "responses": {"204": {"description": "done"}}}}


def _values(variable: dict[str, Any]) -> list[str]:
    return variable.get("enum") or [variable["default"], "v27", "next"]


def _judged(folder: Path, address: str, variables: dict[str, Any], urls: list[str]) -> int:
    """How many of the requests, all of which have one fault, are judged by the contract."""
    contract = {
        "openapi": "3.0.3",
        "info": {"title": "Shop", "version": "1"},
        "servers": [{"url": address, "variables": variables}],
        "paths": {"/orders/{id}": ITEM},
    }
    lay_out(folder, har(*(entry("GET", f"{url}/orders/x", 204) for url in urls)), json.dumps(contract))
    done = archlint("verify", "traffic.har", "--format", "json", "--no-cache", cwd=folder)
    found = json.loads(done.out)["findings"] if done.out else []
    told = [each["message"] for each in found if each["rule"] == "traffic-parameter-invalid"]
    count = re.search(r"\(in (\d+) exchanges\)", "".join(told))
    return int(count[1]) if count else len(told)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_value_of_a_variable_leads_to_the_contract(address: str, tmp_path: Path) -> None:
    for number, (first, second) in enumerate(itertools.product((LISTED, FREE), repeat=2)):
        pairs = itertools.product(_values(first), _values(second))
        urls = [address.replace("{a}", one).replace("{b}", other) for one, other in pairs]
        assert _judged(tmp_path / str(number), address, {"a": first, "b": second}, urls) == len(urls)


@pytest.mark.parametrize(
    ("plain", "open_"),
    [
        ("https://shop.example/pay", "https://shop.example/{a}"),
        ("https://shop.example/pay", "https://{a}.example/pay"),
        ("https://shop.example/x/pay", "https://shop.example/{a}/{b}"),
    ],
)
def test_a_contract_that_names_the_server_describes_it_better(plain: str, open_: str, tmp_path: Path) -> None:
    for name, address in (("a", open_), ("b", plain)):
        contract = {
            "openapi": "3.0.3",
            "info": {"title": name, "version": "1"},
            "servers": [{"url": address, "variables": {"a": {"default": "v1"}, "b": {"default": "v1"}}}],
            "paths": {"/orders/{id}": ITEM},
        }
        lay_out(tmp_path, har(entry("GET", f"{plain}/orders/x", 204)), json.dumps(contract))
        (tmp_path / "openapi.yaml").rename(tmp_path / f"{name}.yaml")
    done = archlint("verify", "traffic.har", "--format", "json", "--no-cache", cwd=tmp_path)
    assert [each["path"] for each in json.loads(done.out)["findings"]] == ["b.yaml"]


@pytest.mark.parametrize(
    "url", ["https://shop.example/asia/api-v1", "https://shop.example/eu/v1", "https://shop.example/eu"]
)
def test_other_paths_of_the_host_are_not_below_the_server(url: str, tmp_path: Path) -> None:
    assert _judged(tmp_path, "https://shop.example/{a}/api-{b}", {"a": LISTED, "b": FREE}, [url]) == 0


def test_a_header_is_judged_by_the_schema_of_its_media_type(tmp_path: Path) -> None:
    """Everywhere where headers are declared: in responses, and in the parts of a form."""
    content = {"application/json": {"schema": {"type": "object", "required": ["n"]}}}
    form = {
        "schema": {"type": "object", "properties": {"p": {"type": "string"}}},
        "encoding": {"p": {"headers": {"X-Part": {"content": content}}}},
    }
    operation = {
        "requestBody": {"content": {"multipart/form-data": form}},
        "responses": {"204": {"description": "done", "headers": {"X-Page": {"content": content}}}},
    }
    contract = {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1"},
        "paths": {"/orders": {"post": operation}},
    }
    for text, faults in (('{"n": 1}', []), ("{}", ["traffic-body-invalid", "traffic-header-invalid"])):
        part = f'--X\r\nContent-Disposition: form-data; name="p"\r\nX-Part: {text}\r\n\r\nyes\r\n--X--\r\n'
        kind = "multipart/form-data; boundary=X"
        sent = entry("POST", "http://shop.example/orders", 204, asked=part, kind=kind, back={"X-Page": text})
        lay_out(tmp_path, har(sent), json.dumps(contract))
        done = archlint("verify", "traffic.har", "--format", "json", "--no-cache", cwd=tmp_path)
        assert sorted(each["rule"] for each in json.loads(done.out)["findings"]) == faults
