"""Writes the merge keys of Kubernetes' built-in kinds, which kustomizations are built with.

    python tests/support/merge_keys.py _definitions.json

The argument is a file of the package kubernetes-validate on PyPI: of the oldest version in it, 1.25, as
kustomize 5.7 knows the kinds of Kubernetes 1.21. Kubernetes' schemas are under the Apache License 2.0.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from archlint.documents.kustomize import schema

_OLDER = {"batch/v1beta1 CronJob": "batch/v1 CronJob"}
"""Versions that kustomize knows and Kubernetes 1.25 does not."""
_NEWER = ("autoscaling/v2 ",)
_METADATA = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"


def merge_keys(definitions: dict[str, Any]) -> dict[str, Any]:
    """Kinds and types, without the types in which nothing merges."""
    kinds, types = schema.entries_of(definitions, "#/$defs/")
    useful = _useful(types)
    kept = {kind: name for kind, name in kinds.items() if name in useful and not kind.startswith(_NEWER)}
    kept.update({older: kept[same] for older, same in _OLDER.items()})
    names = {name: name.rpartition("apimachinery.")[2].removeprefix("io.k8s.") for name in useful}
    return {
        "source": "Kubernetes 1.25, Apache License 2.0; written by tests/support/merge_keys.py",
        "kinds": {kind: names[name] for kind, name in sorted(kept.items())},
        "types": {
            names[name]: {
                key: _renamed(entry, names)
                for key, entry in sorted(types[name].items())
                if isinstance(entry, list) or entry in useful
            }
            for name in sorted(useful)
        },
    }


def _useful(types: dict[str, dict[str, Any]]) -> set[str]:
    """The types in which, or below which, a list merges."""
    useful: set[str] = set()
    while True:
        more = {
            name
            for name, fields in types.items()
            if name not in useful
            and any(isinstance(entry, list) or entry in useful for entry in fields.values())
        }
        if not more:
            return useful
        useful |= more


def _renamed(entry: Any, names: dict[str, str]) -> Any:
    if isinstance(entry, list):
        return [names.get(entry[0], ""), entry[1]]
    return names[entry]


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[1]).read_text("utf-8"))["$defs"]
    written = json.dumps(merge_keys(given), indent=1, sort_keys=True)
    target = Path(schema.__file__).with_name("merge_keys.json")
    target.write_text(written + "\n", "utf-8")
