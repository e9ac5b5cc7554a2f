"""Retries that do not fit into the time that their route has."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.finding.words import number_of
from archlint.model.resilience.retry_budgets import RetryBudget, spoken


@check(RetryBudget)
def retries_outlast_timeout(budget: RetryBudget, options: Options) -> Iterator[Observation]:
    """Retries that take longer together than the timeout around them."""
    needed = budget.each * budget.count
    if needed <= budget.whole:
        return
    marked = budget.attempts if budget.attempts.is_set else budget.per_try
    related = [(budget.timeout.value_place(), "all tries together end here")]
    if marked is not budget.per_try:
        related.append((budget.per_try.value_place(), "each try may take this long"))
    yield observe(
        marked.value_place(),
        related=related,
        kind=budget.kind,
        name=budget.name,
        retries=number_of(budget.count, "retry"),
        each=budget.per_try.text,
        needed=spoken(needed),
        whole=budget.timeout.text,
        all=spoken(needed + budget.each),
    )
