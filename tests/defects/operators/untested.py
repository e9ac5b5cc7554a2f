"""Images that pipelines push and nothing tests."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.defects.operators.workflows import image_workflow, names_of, path_of
from tests.metamorphic.repositories import Files

_PUSHED = {
    "action": (
        "uses: docker/login-action@v3",
        "uses: docker/build-push-action@v6\n        with:\n          context: services/{name}\n"
        "          push: true\n          tags: registry.example.com/shop/{name}:1.0.0 #HERE",
    ),
    "command": (
        "run: docker build -t registry.example.com/shop/{name}:1.0.0 services/{name}",
        "run: docker push registry.example.com/shop/{name}:1.0.0 #HERE",
    ),
}
_COMPILED = ("uses: actions/setup-go@v5", "run: go build ./...")


@seeds("image-pushed-untested")
def pushed_untested(files: Files) -> Iterator[Defect]:
    """A workflow that builds an image of a service and pushes it, with no test anywhere."""
    for name in names_of(files):
        for kind, steps in _PUSHED.items():
            for more in ((), _COMPILED):
                workflow = image_workflow(name, *more, *(step.format(name=name) for step in steps))
                yield marked(files, f"{name} by {kind} {bool(more)}", {path_of(name): workflow})
