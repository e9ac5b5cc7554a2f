"""What of a configuration of Redocly has not the form that it needs, so that nothing of it is used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archlint.config.rulesets.redocly_merging import KEYS
from archlint.model.rulesets.layers import RulesetFault, WrittenAt


def faults_of_part(data: Mapping[str, Any], at: WrittenAt) -> Iterator[RulesetFault]:
    """What is wrong with the rules of a part, which is the whole or what is said for one contract, and with
    what it extends."""
    for key in KEYS:
        if not isinstance(data.get(key), dict | None):
            yield RulesetFault(at.below(key), f"'{key}' must be a map of rules by name")
    extends = data.get("extends")
    items = extends if isinstance(extends, list) else [extends]
    if not all(isinstance(item, str) or not item for item in items):
        yield RulesetFault(at.below("extends"), "'extends' must be a list of files and of names of rulesets")


def faults_of_apis(data: Mapping[str, Any], at: WrittenAt) -> Iterator[RulesetFault]:
    """What is wrong with the contracts for which something is said apart."""
    apis = data.get("apis")
    if not isinstance(apis, dict | None):
        yield RulesetFault(at.below("apis"), "'apis' must be a map of contracts by name")
        return
    for name, api in (apis or {}).items():
        if not isinstance(api, dict) or not isinstance(api.get("root"), str):
            text = f"what is said for '{name}' must be a map with 'root', the file of the contract"
            yield RulesetFault(at.below("apis", name), text)
