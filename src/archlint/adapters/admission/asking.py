"""Cases and their policies as the child process takes them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from archlint.adapters.admission import child
from archlint.adapters.admission.enforcing import Case
from archlint.model.kubernetes.policies.admission_policies import AdmissionPolicy


class Asking:
    """Asks about cases, as long as the time of one run lasts."""

    def __init__(self) -> None:
        self._end = time.monotonic() + child.LONGEST

    def ask(
        self, items: Sequence[Case], policies: Sequence[AdmissionPolicy]
    ) -> tuple[list[child.Problems], list[child.Answer]]:
        """What is wrong with the expressions of each policy, and an answer to each case."""
        if not policies:
            return [], []
        values = _Values()
        numbers = {id(policy): number for number, policy in enumerate(policies)}
        questions = [
            {
                "policy": numbers[id(item.enforcement.policy)],
                "object": values.index(item.value),
                "version": item.target.api_version,
                "given": {name: values.index(value) for name, value in item.given.items()},
            }
            for item in items
        ]
        return child.ask(values.found, [_said(policy) for policy in policies], questions, self._end)

    def answers(self, items: Sequence[Case]) -> list[child.Answer]:
        """An answer to each case."""
        policies = {id(item.enforcement.policy): item.enforcement.policy for item in items}
        return self.ask(items, list(policies.values()))[1]


class _Values:
    """Values of which each is sent once."""

    def __init__(self) -> None:
        self.found: list[Any] = []
        self._places: dict[int, int] = {}

    def index(self, value: Any) -> int:
        """The position of a value."""
        if id(value) not in self._places:
            self._places[id(value)] = len(self.found)
            self.found.append(value)
        return self._places[id(value)]


def _said(policy: AdmissionPolicy) -> dict[str, Any]:
    return {
        "strict": policy.flavour == "kubernetes",
        "variables": [[item.name, item.text] for item in policy.variables],
        "conditions": [item.text for item in policy.conditions],
        "validations": [item.text for item in policy.validations],
        "messages": [
            None if item.message_expression is None else item.message_expression.text
            for item in policy.validations
        ],
        "mutations": [item.text for item in policy.mutations],
    }
