"""What a contract takes from another one is judged there, and belongs to that one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.paths.worlds import lay_out, run

OTHER = """VERSION
info: {title: b, version: "1"}
paths:
  /b:
    get:
      responses: {"200": {description: d, schema: {$ref: '#/HOME/Gone'}}}
HOMES:
  Money: {type: object, required: [missing], properties: {next: {$ref: '#/HOME/Gone'}}}
"""


HOMES = [
    ("openapi: 3.0.3", "components/schemas"),
    ("openapi: 3.1.1", "components/schemas"),
    ('swagger: "2.0"', "definitions"),
]


@pytest.mark.parametrize(("version", "home"), HOMES)
def test_what_is_wrong_in_another_contract_belongs_to_that_alone(
    tmp_path: Path, version: str, home: str
) -> None:
    """Even where a contract refers to it: who looks at one is not told of the other's faults."""
    homes = home.replace("/", ":\n  ")
    text = OTHER.replace("VERSION", version).replace("HOMES", homes).replace("HOME", home)
    text = text.replace("\n  Money", "\n    Money")
    mine = (
        'openapi: 3.0.3\ninfo: {title: a, version: "1"}\npaths:\n  /a:\n    get:\n      responses:\n'
        f"        '200': {{description: d, content: {{a/b: {{schema: {{$ref: 'b.yaml#/{home}/Money'}}}}}}}}\n"
    )
    shop = lay_out({"a.yaml": mine, "b.yaml": text}, tmp_path)
    whole, named = run(shop), run(shop, "a.yaml")
    rules = {item.rule for item in whole.findings if item.location.path == "b.yaml"}
    assert "unresolved-reference" in rules
    assert {item.location.path for item in named.findings} == {"a.yaml"}
