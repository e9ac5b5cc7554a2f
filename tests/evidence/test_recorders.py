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


BODIES_BESIDE: dict[str, dict[str, str]] = {
    "a length": {"Content-Length": "391"},
    "parts": {"Content-Type": "multipart/form-data; boundary=x"},
    "chunks": {"Transfer-Encoding": "chunked"},
}
"""Headers of requests whose bodies Chrome leaves out, such as forms with files, and counts as 0."""


@pytest.mark.parametrize("name", BODIES_BESIDE)
@pytest.mark.parametrize("posted", [None, {"mimeType": "", "text": "", "params": []}])
def test_bodies_that_headers_tell_of_are_not_missing(
    tmp_path: Path, name: str, posted: dict[str, Any] | None
) -> None:
    made = entry("POST", f"{HOST}/carts", 201, headers={"Authorization": "Bearer t", **BODIES_BESIDE[name]})
    made["request"] |= {"bodySize": 0} | ({"postData": posted} if posted else {})
    found, told = _run(tmp_path, made)
    assert "traffic-body-missing" not in found
    assert "1 body not judged" in told or found == ["traffic-media-type-undeclared"]


@pytest.mark.parametrize("length", ["0", None])
def test_bodies_that_nothing_tells_of_are_missing(tmp_path: Path, length: str | None) -> None:
    own = {"Authorization": "Bearer t"} | ({"Content-Length": length} if length else {})
    made = entry("POST", f"{HOST}/carts", 201, headers=own)
    made["request"]["bodySize"] = 0
    assert _run(tmp_path, made)[0] == ["traffic-body-missing"]


def test_answers_whose_length_is_told_beside_have_a_body(tmp_path: Path) -> None:
    back = {"X-Total": "1", "Content-Type": "application/json", "Content-Length": "70"}
    made = entry("GET", f"{HOST}/carts/1?limit=5", headers={"Authorization": "Bearer t"}, back=back)
    made["response"]["content"] = {"size": 0, "mimeType": "application/json"}
    found, told = _run(tmp_path, made)
    assert found == []
    assert "1 body not judged" in told


APART = {
    "text of nginx": ("$request_method $uri $args $status", "GET {path} {query} 200"),
    "text of Apache": ('%m %U%q %>s "%{Referer}i"', 'GET {path}?{query} 200 "https://a.example/?b c"'),
    "JSON of nginx": (
        '{"m": "$request_method", "u": "$uri", "a": "$args", "s": $status, "h": "$http_host"}',
        '{{"m": "GET", "u": "{path}", "a": "{query}", "s": 200, "h": "[::1]:8080"}}',
    ),
    "JSON of Apache": (
        '{"m": "%m", "u": "%U%q", "s": %>s}',
        '{{"m": "GET", "u": "{path}?{query}", "s": 200}}',
    ),
}
"""Formats with the path apart from the query, which servers write as they have decoded it."""


@pytest.mark.parametrize("name", APART)
@pytest.mark.parametrize("sign", ["#", "%", "%20", "é", ";"])
def test_paths_that_servers_have_decoded_stay_paths(tmp_path: Path, name: str, sign: str) -> None:
    form, line = APART[name]
    contract = (
        "openapi: 3.0.3\ninfo: {title: Files, version: '1'}\npaths:\n  /files/{name}:\n    get:\n"
        "      parameters:\n        - {name: name, in: path, required: true, schema: {type: string, "
        f"maxLength: {len(sign) + 2}}}}}\n"
        "        - {name: limit, in: query, required: true, schema: {type: integer}}\n"
        "      responses: {'200': {description: ok}}\n"
    )
    for query, rules in (("limit=1", []), ("limit=x", ["traffic-parameter-invalid"])):
        lay_out(tmp_path, line.format(path=f"/files/a{sign}b", query=query) + "\n", contract, "access.log")
        done = archlint("verify", "access.log", "--log-format", form, "--format", "json", cwd=tmp_path)
        assert [item["rule"] for item in json.loads(done.out)["findings"]] == rules
