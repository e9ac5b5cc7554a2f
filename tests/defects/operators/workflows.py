"""Workflows that name what the repository does not have: each service gets one that builds and deploys it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.defects.defects import Defect, edited, line_of, seeds
from tests.metamorphic.repositories import Files

_SERVICE = re.compile(r"\Aservices/(?P<name>[\w-]+)/")
_WORKFLOW = """\
name: {name}
on:
  push:
    branches: [main]
jobs:
  build:
    runs-on: ubuntu-latest
    defaults:
      run:
        working-directory: services/{name}
    steps:
      - uses: actions/checkout@v4
      - run: docker build -f Dockerfile .
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: docker/build-push-action@v6
        with:
          context: services/{name}
          file: services/{name}/Dockerfile
      - run: kubectl apply -f services/{name}/deploy/service.yaml
      - run: helm upgrade --install {name} ./services/{name}/chart -f services/{name}/values.yaml
"""


def with_workflows(files: Files) -> dict[str, str]:
    """The repository with a workflow for each folder of a service, and with all that it names."""
    made = dict(files)
    for name in names_of(files):
        made[f"services/{name}/Dockerfile"] = "FROM scratch\n"
        made[f"services/{name}/deploy/service.yaml"] = "# nothing yet\n"
        made[f"services/{name}/chart/Chart.yaml"] = f"apiVersion: v2\nname: {name}\nversion: 1.0.0\n"
        made[f"services/{name}/values.yaml"] = "{}\n"
        made[path_of(name)] = _WORKFLOW.format(name=name)
    return made


def names_of(files: Files) -> list[str]:
    """The folders of services."""
    return sorted({match["name"] for path in files if (match := _SERVICE.match(path))})


def path_of(name: str) -> str:
    """The workflow of a service."""
    return f".github/workflows/{name}.yaml"


def image_workflow(name: str, *steps: str, on: str = "{push: {branches: [main]}}", mark: str = "") -> str:
    """A workflow with one job, which checks the repository out and then takes some steps; ``mark`` is put at
    its jobs.
    """
    taken = "".join(f"      - {step}\n" for step in ("uses: actions/checkout@v4", *steps))
    return f"name: {name}\non: {on}\njobs:{mark}\n  image:\n    runs-on: ubuntu-latest\n    steps:\n{taken}"


@seeds("workflow-path-undefined")
def path_misspelt(files: Files) -> Iterator[Defect]:
    """One path of a workflow leads nowhere."""
    healthy = with_workflows(files)
    for name in names_of(files):
        text = healthy[path_of(name)]
        for right, wrong in (
            (f"working-directory: services/{name}\n", f"working-directory: service/{name}\n"),
            ("-f Dockerfile .", "-f Dockerfile.prod ."),
            (f"context: services/{name}\n", f"context: apps/{name}\n"),
            (f"file: services/{name}/Dockerfile\n", f"file: services/{name}/docker/Dockerfile\n"),
            (f"{name}/deploy/service.yaml", f"{name}/deploy/services.yaml"),
            (f"./services/{name}/chart", f"./services/{name}/charts"),
            (f"{name}/values.yaml", f"{name}/values-prod.yaml"),
        ):
            changed = edited(healthy, path_of(name), text.replace(right, wrong))
            line = line_of(changed[path_of(name)], changed[path_of(name)].index(wrong))
            yield Defect(f"{name}: {wrong.strip()}", changed, frozenset({(path_of(name), line)}))
