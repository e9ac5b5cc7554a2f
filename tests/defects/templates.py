"""Defects that are written out: a template of manifests, filled in for each Service of a repository."""

from __future__ import annotations

from collections.abc import Iterator
from string import Template

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.defects.operators.mesh_routes import FOLDER, fronts
from tests.metamorphic.repositories import Files

_OBJECT = """apiVersion: $group.istio.io/v1
kind: $kind
metadata: {name: made-$name, namespace: $space}
spec:
  $spec
"""


def pods(labels: str, kind: str = "$kind") -> str:
    """A workload whose pods have the label ``made`` with the name of a Service, and some more labels."""
    return f"""apiVersion: apps/v1
kind: {kind}
metadata: {{name: made-$name, namespace: $space}}
spec:
  selector: {{matchLabels: {{made: $name}}}}
  template:
    metadata: {{labels: {{made: $name, {labels}}}}}
    spec: {{containers: [{{name: made, image: "shop/made:1.0.0"}}]}}
---
"""


def seed_template(rule: str, template: str, *ways: dict[str, str]) -> None:
    """Declares defects of a rule by a template, whose lines are marked as ``marked`` says.

    It is filled in for each Service, whose name and namespace are ``$name`` and ``$space``, in several ways.
    Each rule has a folder of its own, so that those of several can be put into one repository at once.
    """

    def operator(files: Files) -> Iterator[Defect]:
        for front in fronts(files):
            for way in ways:
                written = Template(template).safe_substitute(way)
                text = Template(written).substitute(name=front.name, space=front.namespace)
                what = " ".join((front.name, *way.values()))
                yield marked(files, what, {f"{FOLDER}-{rule}/made.yaml": text})

    seeds(rule)(operator)


def seed_objects(rule: str, *objects: tuple[str, str, str]) -> None:
    """Declares defects that are objects of Istio: each has a group, a kind, and a specification whose
    last line is where the finding may stand."""
    ways = ({"group": group, "kind": kind, "spec": f"{spec} #HERE"} for group, kind, spec in objects)
    seed_template(rule, _OBJECT, *ways)
