"""Runbooks that go back by a command that Argo CD refuses."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

_APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd}}
spec:
  project: default
  destination: {{server: "https://kubernetes.default.svc", namespace: shop}}
  source: {{repoURL: "https://git.example.com/shop.git", path: deploy/{name}, targetRevision: main}}
  syncPolicy:
    automated: {policy} #OTHER
"""
_COMMANDS = (
    "argocd app rollback {name} 12",
    "argocd app rollback {name}",
    "argocd --grpc-web app rollback {name} 3 --prune",
    "argocd app history {name} && argocd app rollback {name} 7",
)


@seeds("runbook-rollback-refused")
def rolled_back_while_synced(files: Files) -> Iterator[Defect]:
    """A rollback of an application that is synced by itself."""
    for name, policy, command in product(("stock", "reviews", "prices"), ("{}", "{prune: true}"), _COMMANDS):
        text = f"# {name}\n\n## Roll back\n\n```sh\n{command.format(name=name)} #HERE\n```\n"
        made = {
            f"docs/runbooks/{name}.md": text,
            f"deploy/argocd/{name}.yaml": _APPLICATION.format(name=name, policy=policy),
        }
        yield marked(files, f"{command} of {name} with {policy}", made)
