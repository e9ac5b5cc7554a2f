"""Suggested policies, as manifests that can be applied and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from archlint.model.network.suggestion import LeftOut, SuggestedPolicy, Suggestion
from archlint.reports.characters import safe_json, visible

VERSION = 1
"""Version of the layout; fields may be added to it, never changed."""
FORMATS = ("yaml", "json")


def suggestion_yaml(found: Suggestion) -> str:
    """One document for each policy; comments tell what is left out, and why."""
    parts = [_left_out(found.left_out)] if found.left_out else []
    parts += [_commented(item) for item in found.policies]
    return "---\n".join(parts)


def policies_yaml(manifests: Sequence[Mapping[str, Any]]) -> str:
    """The documents alone."""
    return "---\n".join(map(_document, manifests))


def suggestion_json(found: Suggestion) -> str:
    """One JSON object."""
    layout = {
        "version": VERSION,
        "policies": [_policy(item) for item in found.policies],
        "left_out": [{**_head(each), "reasons": list(each.reasons)} for each in found.left_out],
    }
    return safe_json(json.dumps(layout, indent=1, ensure_ascii=False)) + "\n"


def _policy(item: SuggestedPolicy) -> dict[str, Any]:
    return {**_head(item), "remarks": list(item.remarks), "manifest": item.manifest}


def _head(item: SuggestedPolicy | LeftOut) -> dict[str, Any]:
    """Of which workload it is, and which clusters have that unless all have it."""
    return {"workload": item.workload, **({"editions": list(item.editions)} if item.editions else {})}


def _left_out(items: Iterable[LeftOut]) -> str:
    lines = ["Left as they are:"]
    for each in items:
        lines += [f"* {_titled(each)}", *(f"    {reason}" for reason in each.reasons)]
    return _comments(lines)


def _commented(item: SuggestedPolicy) -> str:
    return _comments([_titled(item), *item.remarks]) + _document(item.manifest)


def _titled(item: SuggestedPolicy | LeftOut) -> str:
    """As `archlint network list` has it: in front of the name the clusters."""
    return f"[{'; '.join(item.editions)}] {item.workload}" if item.editions else item.workload


def _comments(lines: Iterable[str]) -> str:
    return "".join(f"# {visible(line)}\n" for line in lines)


def _document(manifest: Mapping[str, Any]) -> str:
    import yaml

    text: str = yaml.dump(manifest, Dumper=_plain_dumper(), sort_keys=False, allow_unicode=True, width=110)
    return text


def _plain_dumper() -> Any:
    """A writer that repeats what is the same, as anchors would only puzzle a reader."""
    import yaml

    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    return Plain
