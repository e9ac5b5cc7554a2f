"""A small repository with a contract, a manifest and a release, which tests change."""

from __future__ import annotations

from pathlib import Path

from tests.support.process import commit_all, git

CONTRACT = "api/openapi.yaml"
MANIFEST = "deploy/cart.yaml"

OPENAPI = """\
openapi: 3.0.3
info:
  title: Cart
  version: 1.4.0
paths:
  /carts/{id}:
    get:
      operationId: readCart
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: full, in: query, schema: {type: boolean}}
      responses:
        '200':
          description: The cart.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Cart'}
components:
  schemas:
    Cart:
      type: object
      required: [total]
      properties:
        total: {type: number}
"""

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  namespace: shop
spec:
  replicas: 2
  selector:
    matchLabels: {app: cart}
  template:
    metadata:
      labels: {app: cart}
    spec:
      containers:
        - name: cart
          image: registry.example.com/cart:1.4.0
          resources:
            requests: {cpu: 100m, memory: 64Mi}
            limits: {memory: 64Mi}
          securityContext:
            runAsNonRoot: true
"""


class Repository:
    """A clone in which a release is being made."""

    def __init__(self, folder: Path, **files: str) -> None:
        self.folder = folder
        folder.mkdir()
        self.write(CONTRACT, OPENAPI)
        self.write(MANIFEST, DEPLOYMENT)
        for path, text in files.items():
            self.write(path, text)
        commit_all(folder, "first")

    def write(self, path: str, text: str) -> None:
        """Put a text into a file."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text that a file has once."""
        text = (self.folder / path).read_text("utf-8")
        assert text.count(old) == 1
        self.write(path, text.replace(old, new))

    def commit(self, message: str = "change") -> str:
        """Commit everything."""
        return commit_all(self.folder, message)

    def tag(self, name: str) -> None:
        """Tag HEAD."""
        git(self.folder, "tag", name)
