"""Logs in JSON and what recorders write differently: the same traffic gives the same findings."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.recorded import HOST, entry, har, lay_out
from tests.support.inside import archlint

PATHS = ("/v1/carts/1?limit=5", "/v1/carts/1?limit=x", "/v1/carts/1")
ENVOY = """{"m": "%REQ(:METHOD)%", "p": "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%", "code": "%RESPONSE_CODE%",
 "ms": "%DURATION%", "host": "%REQ(:AUTHORITY)%"}"""
LOGS: dict[str, tuple[str, Any]] = {
    "nginx": (
        '{"time":"$time_iso8601","request":"$request","status":$status,"ref":"$http_referer"}',
        lambda path: {"time": "-", "request": f"GET {path} HTTP/1.1", "status": 200, "ref": 'a"b'},
    ),
    "nginx in parts": (
        '{"http": {"method": "$request_method", "url": "$scheme://$host$request_uri"}, "s": "$status" }',
        lambda path: {
            "http": {"url": f"https://api.shop.example{path}", "method": "GET"},
            "s": "200",
        },
    ),
    "apache": ('{"m": "%m", "u": "%U%q", "s": %>s}', lambda path: {"m": "GET", "u": path, "s": 200}),
    "envoy": (
        ENVOY,
        lambda path: {"m": "GET", "p": path, "code": 200, "ms": 3, "host": "api.shop.example:443"},
    ),
    "istio-json": (
        "istio-json",
        lambda path: {
            "method": "GET",
            "path": path,
            "authority": "api.shop.example",
            "response_code": 200,
            "requested_server_name": None,
        },
    ),
    "caddy": (
        "caddy",
        lambda path: {
            "level": "info",
            "logger": "http.log.access",
            "request": {
                "method": "GET",
                "host": "api.shop.example",
                "uri": path,
                "headers": {"A": ["b"]},
            },
            "status": 200,
        },
    ),
    "traefik-json": (
        "traefik-json",
        lambda path: {
            "RequestMethod": "GET",
            "RequestHost": "api.shop.example",
            "RequestPath": path,
            "RequestScheme": "https",
            "DownstreamStatus": 200,
            "level": "info",
            "log": "a",
        },
    ),
}


@pytest.mark.parametrize("kind", LOGS)
def test_logs_in_json_are_read_by_their_members(tmp_path: Path, kind: str) -> None:
    written, line = LOGS[kind]
    lines = [json.dumps(line(path)) for path in PATHS]
    others = ['{"level": "info", "msg": "started"}', "no json", "[1]", "{" * 5000]
    lay_out(tmp_path, "\n".join((*others, *lines, "")), name="access.log")
    done = archlint("verify", "access.log", "--log-format", written, "--format", "json", cwd=tmp_path)
    found = [item["rule"] for item in json.loads(done.out)["findings"] if item["rule"] != "traffic-missing"]
    assert sorted(found) == ["traffic-parameter-invalid", "traffic-parameter-missing"]
    assert "4 entries left out: is a line of another form" in done.err


@pytest.mark.parametrize(
    "written", ["{}", '{"a": "$status"}', '{"a": "$request_uri", "b": $status}', "{", "$uri"]
)
def test_a_format_that_tells_too_little_is_refused_with_an_example(tmp_path: Path, written: str) -> None:
    lay_out(tmp_path, "{}", name="access.log")
    done = archlint("verify", "access.log", "--log-format", written, cwd=tmp_path)
    assert done.code == 2
    assert "has no method, path or status, and is none of common, combined" in done.err


CART = {"id": 1, "total": 2}
BEARER, BACK = {"Authorization": "Bearer t"}, {"X-Total": "1"}
GOOD = entry("GET", f"{HOST}/carts/1?limit=5", answered=CART, headers=BEARER, back=BACK)


def _run(folder: Path, *entries: dict[str, Any], creator: str = "proxy") -> tuple[list[str], str]:
    lay_out(folder, har(GOOD, *entries).replace('"proxy"', json.dumps(creator)))
    flags = ("--format", "json", "--ignore", "traffic-missing")
    done = archlint("verify", "traffic.har", *flags, cwd=folder)
    return [item["rule"] for item in json.loads(done.out)["findings"]], done.err


def _with(made: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**json.loads(json.dumps(made)), **more}


SOCKETS = {
    "its scheme": entry("GET", "wss://api.shop.example/v1/live", 101),
    "its messages": _with(entry("GET", f"{HOST}/live", 101), _webSocketMessages=[{"data": "a"}]),
    "its resource": _with(entry("GET", f"{HOST}/live", 101), _resourceType="websocket"),
    "its headers": entry("GET", f"{HOST}/live", 101, headers={"Upgrade": "WebSocket"}),
}


@pytest.mark.parametrize("name", SOCKETS)
def test_web_sockets_are_told_and_not_judged(tmp_path: Path, name: str) -> None:
    found, told = _run(tmp_path, SOCKETS[name])
    assert found == []
    assert "1 entry left out: is a WebSocket" in told


def test_what_a_browser_answers_itself_is_no_request(tmp_path: Path) -> None:
    inside = ("data:text/plain,a", "blob:https://a.example/1", "chrome-extension://a/b.js", "about:blank")
    found, told = _run(tmp_path, *(entry("GET", url) for url in inside))
    assert found == []
    assert "4 entries left out: went to no server" in told


@pytest.mark.parametrize("creator", ["WebInspector", "WebKit Web Inspector"])
def test_recordings_of_browsers_have_no_credentials(tmp_path: Path, creator: str) -> None:
    bare = entry("GET", f"{HOST}/carts/1?limit=5", answered=CART, back={"X-Total": "1"})
    lay_out(tmp_path, har(bare).replace('"proxy"', json.dumps(creator)))
    done = archlint("verify", "traffic.har", "--select", "traffic-credential-missing", cwd=tmp_path)
    assert "credential" not in done.out
    assert _run(tmp_path, bare, creator=creator)[0] == ["traffic-credential-missing"]  # others have some


def test_headers_of_http_2_and_headers_on_several_lines_are_headers(tmp_path: Path) -> None:
    sent = {":authority": "api.shop.example", ":path": "/x", "authorization": "Bearer t", "x-shop": "1\n2"}
    made = entry("GET", f"{HOST}/carts/1?limit=5", answered=CART, headers=sent, back={"x-total": "1\nx"})
    assert _run(tmp_path, made)[0] == ["traffic-header-invalid"]


def test_requests_that_were_packed_are_unpacked_or_told(tmp_path: Path) -> None:
    sent = {"Authorization": "Bearer t", "Content-Encoding": "gzip"}
    made = entry("POST", f"{HOST}/carts", 201, asked="-", headers=sent)
    text = base64.b64encode(gzip.compress(b'{"id": "a", "total": 1}')).decode()
    made["request"]["postData"] |= {"text": text, "encoding": "base64"}
    assert _run(tmp_path, made)[0] == ["traffic-body-invalid"]
    del made["request"]["postData"]["encoding"]
    found, told = _run(tmp_path, made)
    assert found == []
    assert "1 body not judged" in told
