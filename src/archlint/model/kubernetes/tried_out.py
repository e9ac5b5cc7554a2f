"""What is tried out: objects for development, tests and examples, where much is meant to be as it is."""

from __future__ import annotations

from archlint.finding.regex import regex
from archlint.model.kubernetes.images import is_placeholder
from archlint.model.kubernetes.objects import KubernetesObject

_TRIED_OUT = regex(
    r"(?i)(?:^|[/_.-])(?:dev|devel|development|local|test|tests|testing|e2e|ci|example|examples|sample|samples|demo"
    r"|demos|quickstart|quick-start|sandbox|playground|tutorial|tutorials|docs|integration|kind|minikube|preview"
    r"|ephemeral|hack|tmp|testdata|fixtures|workshop|lab|labs)(?=[/_.-]|$)"
)
"""Words of paths, namespaces and names of what is tried out, where data may go."""


def is_tried_out(base: KubernetesObject) -> bool:
    """Whether path, namespace or name say that an object is for development, tests or examples.

    So is a pod that nothing starts again, and what a placeholder in its name makes of many.
    """
    words = (base.source.path, base.namespace or "", base.name)
    if base.kind == "Pod" or is_placeholder(base.name):
        return True
    return says_that_it_is_tried_out(*words)


def says_that_it_is_tried_out(*words: str) -> bool:
    """Whether one of some paths and names says that what has it is for development, tests or examples."""
    return any(_TRIED_OUT.search(word) for word in words)
