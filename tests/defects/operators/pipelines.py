"""Pipelines that do not fit what they build: filters that leave the service out, images that nothing runs,
and jobs that deploy without an environment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.manifests import is_patched, misspelt, workloads
from tests.defects.marked import marked
from tests.defects.operators.workflows import image_workflow, names_of, path_of
from tests.metamorphic.repositories import Files

_FILTERED = """\
name: {name}
on:
  push:
    branches: [main]
    paths: #HERE
{paths}
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: docker/build-push-action@v6
        with:
          context: services/{name} #OTHER
          push: true
          tags: registry.example.com/shop/{name}-image:1
"""


@seeds("path-filter-misses-service")
def folder_left_out(files: Files) -> Iterator[Defect]:
    """A workflow that is started for other files than those that it builds."""
    for name in names_of(files):
        forms = (
            f"service/{name}/**",
            f"services/{name}s/**",
            f"{name}/**",
            f"services/{name}/*.proto",
            "src/**",
        )
        for form in forms:
            paths = f"      - '{form}' #HERE\n      - '.github/workflows/{name}.yaml' #HERE"
            made = {
                f"services/{name}/Dockerfile": "FROM scratch\n",
                path_of(name): _FILTERED.format(name=name, paths=paths),
            }
            yield marked(files, f"{name}: {form}", made)


_IMAGE = re.compile(r"image: (?P<name>registry\.example\.com/shop/[\w-]+):")
_STEPS = (
    "uses: docker/build-push-action@v6\n        with: #HERE\n          push: true\n"
    "          tags: {image}:${{{{ github.sha }}}} #HERE",
    "run: | #HERE\n          docker build -t {image}:$GITHUB_SHA .\n"
    "          docker push {image}:$GITHUB_SHA #HERE",
)


@seeds("image-built-under-another-name")
def image_misspelt(files: Files) -> Iterator[Defect]:
    """A workflow that pushes an image whose name is a letter off from the one that runs."""
    for workload in workloads(files):
        match = _IMAGE.search(workload.text)
        if match is None or is_patched(files, workload.path) or "-canary" in workload.name:
            continue
        for wrong in misspelt(match["name"].rpartition("/")[2]):
            for number, step in enumerate(_STEPS):
                image = f"registry.example.com/shop/{wrong}"
                text = image_workflow(workload.name, step.format(image=image))
                yield marked(files, f"{workload.name} as {wrong} ({number})", {path_of(workload.name): text})


_COMMANDS = (
    "kubectl apply -f deploy/",
    "helm upgrade --install shop deploy/helm/payments",
    "kubectl -n shop set image deployment/cart cart=cart:2",
    "kustomize build deploy/kustomize/overlays/production | kubectl apply -f -",
    "argocd app sync shop",
)


@seeds("deploy-job-unguarded")
def deployed_without_environment(files: Files) -> Iterator[Defect]:
    """A job that deploys and names no environment, or lets two of its kind run at once."""
    for name in names_of(files)[:4]:
        for number, command in enumerate(_COMMANDS):
            guard = ("    environment: production\n", "    concurrency: production\n", "")[number % 3]
            text = f"name: {name}\non: {{push: {{branches: [main]}}}}\njobs:\n  deploy: #HERE\n"
            text += f"    runs-on: ubuntu-latest\n{guard}    steps:\n      - uses: actions/checkout@v4\n"
            text += f"      - run: {command} #OTHER\n"
            yield marked(files, f"{name}: {command}, {guard.strip()}", {path_of(name): text})
