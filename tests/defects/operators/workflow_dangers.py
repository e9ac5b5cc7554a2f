"""Workflows that strangers decide on: one for each service of a repository."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.defects.operators.workflows import names_of, path_of
from tests.metamorphic.repositories import Files

_FOREIGN = """on: {trigger} #OTHER
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
        with:
          {ref} #HERE
      - {step} #OTHER
"""
_FORK = "repository: ${{ github.event.pull_request.head.repo.full_name }}"
_RUN = "repository: ${{ github.event.workflow_run.head_repository.full_name }}"
_CODE = (
    ("pull_request_target", "ref: ${{ github.event.pull_request.head.sha }}", "run: make test"),
    ("[pull_request_target, push]", _FORK, "uses: ./.github/actions/build"),
    ("workflow_run", _RUN, "run: ./gradlew build"),
    ("pull_request_target", "ref: refs/pull/${{ github.event.number }}/merge", "run: cd services && npm ci"),
)
_SCRIPT = """on: {trigger} #OTHER
jobs:
  greet:
    runs-on: ubuntu-latest
    steps:
      - name: greet
        run: echo "{expression}" #HERE
"""
_TEXTS = (
    ("issues", "${{ github.event.issue.title }}"),
    ("issue_comment", "${{ github.event.comment.body }}"),
    ("pull_request_target", "${{ github.head_ref }}"),
    ("[pull_request_target]", "${{ format('{0}', github.event.pull_request.body) }}"),
)


@seeds("workflow-runs-foreign-code")
def code_of_a_pull_request(files: Files) -> Iterator[Defect]:
    """The head of a pull request is checked out with all rights, and run."""
    for name in names_of(files):
        for number, (trigger, ref, step) in enumerate(_CODE):
            made = {path_of(name): _FOREIGN.format(trigger=trigger, ref=ref, step=step)}
            yield marked(files, f"{name} ({number})", made)


@seeds("workflow-script-injected")
def text_of_a_stranger(files: Files) -> Iterator[Defect]:
    """A title, a comment or a branch is put into a script."""
    for name in names_of(files):
        for trigger, expression in _TEXTS:
            made = {path_of(name): _SCRIPT.format(trigger=trigger, expression=expression)}
            yield marked(files, f"{name}: {expression}", made)
