"""Images that pipelines push and nothing tests."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.defects.operators.workflows import names_of, path_of
from tests.metamorphic.repositories import Files

_BY_ACTION = """\
name: {name}
on: {{push: {{branches: [main]}}}}
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: docker/login-action@v3
      - uses: docker/build-push-action@v6
        with:
          context: services/{name}
          push: true
          tags: registry.example.com/shop/{name}:1.0.0 #HERE
"""
_BY_COMMAND = """\
name: {name}
on: {{push: {{branches: [main]}}}}
jobs:
  image:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: docker build -t registry.example.com/shop/{name}:1.0.0 services/{name}
      - run: docker push registry.example.com/shop/{name}:1.0.0 #HERE
"""
_COMPILED = """\
      - uses: actions/setup-go@v5
      - run: go build ./...
"""


@seeds("image-pushed-untested")
def pushed_untested(files: Files) -> Iterator[Defect]:
    """A workflow that builds an image of a service and pushes it, with no test anywhere."""
    for name in names_of(files):
        for kind, text in (("action", _BY_ACTION), ("command", _BY_COMMAND)):
            for more in ("", _COMPILED):
                head, at, rest = text.partition("      - uses: actions/checkout@v4\n")
                workflow = (head + at + more + rest).format(name=name)
                yield marked(files, f"{name} by {kind} {bool(more)}", {path_of(name): workflow})
