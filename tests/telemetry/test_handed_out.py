"""Which runbooks came with rules of somebody else."""

from __future__ import annotations

import pytest

from archlint.model.telemetry.handed_out import is_handed_out


@pytest.mark.parametrize(
    ("runbook", "expected"),
    [
        ("https://runbooks.prometheus-operator.dev/runbooks/node/nodedown", True),
        ("https://gitlab.com/somebody/queue-mixin/-/blob/main/RUNBOOK.md#lag", True),
        ("https://github.com/Somebody/cert-mixin#expiry", True),
        ("https://github.com/acme/shop/blob/main/docs/runbooks/cart.md", False),
        ("https://wiki.example.com/mixin/cart", False),
        ("docs/runbooks/queue-mixin.md", False),
    ],
)
def test_runbooks_of_makers_and_mixins(runbook: str, expected: bool) -> None:
    assert is_handed_out(runbook) is expected
