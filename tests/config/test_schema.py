"""The published schema: true to the code, and of the same opinion as an independent judge."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from archlint.config import ConfigurationError, read_configuration
from archlint.config.schema import CONFIGURATION, published_schema
from archlint.config.validation import is_simple
from tests.config.test_configuration import FULL
from tests.support.rules import own_rules

PUBLISHED = Path(__file__).parents[2] / "docs" / "archlint.schema.json"


def test_the_published_schema_is_that_of_the_code() -> None:
    made = published_schema(own_rules())
    assert json.loads(PUBLISHED.read_text("utf-8")) == made, (
        "run `archlint config --schema > docs/archlint.schema.json`"
    )


def test_schemas_are_schemas_and_simple_enough() -> None:
    Draft202012Validator.check_schema(published_schema(own_rules()))
    assert is_simple(CONFIGURATION)


@pytest.mark.parametrize(
    "text",
    [
        FULL,
        "profile: x\n",
        "select: [1]\n",
        "exclude: {}\n",
        "suppress: [{rules: [], paths: [a], reason: b}]\n",
        "suppress: [{rules: [A], paths: [a], reason: ' '}]\n",
        "suppress: [{rules: [A], paths: [a], reason: b, until: '2027-13-01'}]\n",
        "breaking: {deprecation-days: {beta: -1}}\n",
        "breaking: {deprecation-days: {beta: 1.5}}\n",
        "breaking: {deprecation-days: {beta: true}}\n",
        "breaking: null\n",
        "rules: []\n",
        "baseline: ''\n",
        "unknown: 1\n",
    ],
)
def test_own_checks_agree_with_jsonschema(tmp_path: Path, text: str) -> None:
    import yaml

    (tmp_path / "archlint.yaml").write_text(text)
    try:
        read_configuration(tmp_path / "archlint.yaml", tmp_path)
        accepted = True
    except ConfigurationError:
        accepted = False
    data = json.loads(json.dumps(yaml.safe_load(text), default=str))
    judge = Draft202012Validator(CONFIGURATION, format_checker=FormatChecker())
    assert accepted == judge.is_valid(data)
