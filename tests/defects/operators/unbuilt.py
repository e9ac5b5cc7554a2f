"""What pipelines leave out: contracts that nothing lints or compares, and services that nothing builds."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.defects.operators.workflows import image_workflow, names_of, path_of
from tests.metamorphic.repositories import Files

_STEPS = (
    "run: go test ./...",
    "uses: docker/build-push-action@v6\n        with: {{context: services/{name}}}",
    "run: ./hack/build.sh",
)


@seeds("contract-unguarded")
def pipeline_without_contracts(files: Files) -> Iterator[Defect]:
    """The only workflow builds a service, and does nothing with contracts."""
    for number, name in enumerate(names_of(files)):
        for kind, step in enumerate(_STEPS):
            on = ("{push: {branches: [main]}}", "pull_request", "[push, pull_request]")[(number + kind) % 3]
            text = image_workflow(name, step.format(name=name), on=on, mark=" #HERE")
            made = {path_of(name): text, "hack/build.sh": "#!/bin/sh\ngo build ./...\n"}
            yield marked(files, f"{name} by workflow {kind}", made)


_MATRIX = """\
name: images
on: {{push: {{branches: [main]}}}}
jobs:
  image:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        service: [{names}]
    steps:
      - uses: actions/checkout@v4
      - uses: docker/build-push-action@v6 #OTHER
        with:
          context: services/${{{{ matrix.service }}}}
          tags: registry.example.com/shop/${{{{ matrix.service }}}}:1
"""


@seeds("service-without-pipeline")
def service_left_out(files: Files) -> Iterator[Defect]:
    """One service of those that have a Dockerfile is in no list of what is built."""
    names = names_of(files)
    for name in names:
        others = [other for other in names if other != name]
        scripts = (f"run: docker build -t shop/{other}:1 services/{other} #OTHER" for other in others)
        forms = {
            "matrix": _MATRIX.format(names=", ".join(others)),
            "steps": image_workflow("images", *scripts),
        }
        dockerfiles = {f"services/{other}/Dockerfile": "FROM scratch\n" for other in others}
        own = {f"services/{name}/Dockerfile": "FROM scratch #HERE\n"}
        for form, text in forms.items():
            made = {**dockerfiles, **own, ".github/workflows/images.yaml": text}
            yield marked(files, f"{name} by {form}", made)
        each = {
            path_of(other): image_workflow("images", f"run: docker build services/{other} #OTHER")
            for other in others
        }
        yield marked(files, f"{name} without its workflow", {**dockerfiles, **own, **each})
