"""Numbers, names and lists without measure are told, or left alone: nothing of them ends a run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archlint.documents.json import MOST_VALUES, JsonError, read_json
from tests.support.inside import archlint

DIGITS = (4_299, 4_301)
"""Around what Python converts between text and numbers (``sys.int_info.default_max_str_digits``)."""


def contract(pattern: str = "a", version: str = "1", more: str = "") -> str:
    schema = f"{{type: string, pattern: '{pattern}'{more}}}"
    return f"""openapi: 3.1.0
info: {{title: Shop, version: '{version}'}}
paths:
  /v1/carts:
    post:
      requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}
      responses: {{"204": {{description: done}}}}
"""


def manifest(value: str) -> str:
    return f"""apiVersion: v1
kind: Service
metadata: {{name: cart}}
spec:
  selector: {{app: cart}}
  ports: [{{port: {value}, targetPort: '{value}'}}]
"""


@pytest.mark.parametrize("count", DIGITS)
def test_long_numbers_fail_no_rule(tmp_path: Path, count: int) -> None:
    number = "9" * count
    contracts = {
        "pattern": contract(pattern=f"a{{{number}}}"),
        "version": contract(version=number),
        "parts": contract(version=f"1.{number}.{number}"),
        "hex": contract(more=f", maxLength: 0x{'f' * count}"),
        "limit": contract(more=f", maxLength: {number}, minLength: -{number}"),
    }
    for name, text in contracts.items():
        for side, content in (("base", contract()), ("revision", text)):
            (tmp_path / side).mkdir(exist_ok=True)
            (tmp_path / side / f"{name}.yaml").write_text(content)
    told = archlint("breaking", "base", "revision", "--select", "ALL", "--format", "json", cwd=tmp_path)
    assert told.code in (0, 1), told.err
    (tmp_path / "service.yaml").write_text(manifest(number))
    (tmp_path / "service.json").write_text(f'{{"apiVersion": "v1", "kind": "Service", "spec": {number}}}')
    assert archlint("check", ".", "--select", "ALL", cwd=tmp_path).code in (0, 1)


def test_bounds_that_no_float_holds_fail_no_rule(tmp_path: Path) -> None:
    number = "9" * 400
    more = f", default: a, example: b, maximum: {number}, minimum: -{number}, multipleOf: {number}"
    (tmp_path / "cart.yaml").write_text(contract(more=more))
    told = archlint("check", ".", "--select", "ALL", "--format", "json", cwd=tmp_path)
    assert told.code in (0, 1), told.err


def test_a_version_is_compared_by_its_size_whatever_its_length(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(contract(version="1" * 5_000))
    (tmp_path / "revision.yaml").write_text(contract(pattern="b", version="9" * 4_999))
    told = archlint("breaking", "base.yaml", "revision.yaml", "--format", "json", cwd=tmp_path)
    found = {item["rule"]: item for item in told.report["findings"]}
    assert found["contract-version-kept"]["message_id"] == "lower"


@pytest.mark.parametrize("name", ["baseline", "rule-folders"])
def test_names_that_no_system_takes_are_an_error_of_the_configuration(tmp_path: Path, name: str) -> None:
    path = "x" * 5_000
    (tmp_path / "archlint.yaml").write_text(f"{name}: {path if name == 'baseline' else [path]}\n")
    told = archlint("check", ".", cwd=tmp_path)
    assert told.code == 2
    assert told.err.startswith("archlint: archlint.yaml:1:")


@pytest.mark.parametrize("flags", [("--config",), ("--baseline",), ("--exclude",), ()])
def test_names_that_no_system_takes_are_wrong_usage(tmp_path: Path, flags: tuple[str, ...]) -> None:
    told = archlint("check", *flags, "y" * 5_000, *(["."] if flags else []), cwd=tmp_path)
    assert told.code in ((0,) if flags == ("--exclude",) else (2,)), told.err
    assert "internal error" not in told.err


def test_a_configuration_that_nests_without_end_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.archlint.{'.'.join(['a'] * 5_000)}]\nx = 1\n")
    told = archlint("check", ".", cwd=tmp_path)
    assert (told.code, told.err.strip()) == (
        2,
        "archlint: pyproject.toml: The file nests too deep to be read.",
    )


def test_an_index_without_measure_is_the_name_of_a_key(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "archlint.yaml").write_text("rule-folders: [rules]\nselect: [SHOP]\n")
    (tmp_path / "service.yaml").write_text(manifest("80"))
    for at, place in enumerate((f"/{'9' * 5_000}", f"spec.ports[{'9' * 5_000}]")):
        page = f"""---
code: SHOP10{at}
name: never-{at}
severity: warning
match: {{kind: Service}}
assert: "false"
place: {place}
messages: {{default: "No."}}
---
# Never
It is never right.
"""
        (tmp_path / "rules" / f"never-{at}.md").write_text(page)
    told = archlint("check", ".", "--format", "json", "--fail-on", "never", cwd=tmp_path)
    assert told.code == 0, told.err
    assert {"SHOP100", "SHOP101"} <= {item["code"] for item in told.report["findings"]}


def test_json_is_bounded_by_its_values_and_not_by_its_text() -> None:
    with pytest.raises(JsonError, match="values"):
        read_json("[" + "1," * MOST_VALUES + "1]")
    commas = json.dumps([",[{" * 1_000_000, '"' * 100_000])
    assert read_json(commas).data == json.loads(commas)


@pytest.mark.parametrize(
    "text", ['"' + '\\"' * 400_000, '"' * 400_001, "\\" * 400_000, '["' + "\\" * 400_001]
)
def test_json_that_ends_in_a_string_is_read_in_no_time(text: str) -> None:
    with pytest.raises(JsonError):
        read_json(text + "," * MOST_VALUES)


@pytest.mark.parametrize("name", ["google/protobuf/{}.proto", "google/protobuf/a/{}", "{}/cart.proto"])
def test_an_import_of_a_name_that_no_system_takes_leads_nowhere(tmp_path: Path, name: str) -> None:
    text = 'syntax = "proto3";\npackage shop.v1;\n'
    for side, more in (("base", ""), ("revision", f'import "{name.format("x" * 3_000)}";\n')):
        (tmp_path / side).mkdir()
        (tmp_path / side / "cart.proto").write_text(text + more + "message Cart { string id = 1; }\n")
    for command in (("breaking", "base", "revision"), ("check", "revision", "--select", "ALL")):
        told = archlint(*command, "--format", "json", cwd=tmp_path)
        assert told.code in (0, 1), told.err
