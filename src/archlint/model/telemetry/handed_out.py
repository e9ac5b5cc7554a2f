"""Runbooks that came with rules of somebody else, and say nothing of the customs of a repository.

Makers of software hand out alerts for it, whose annotations lead to their own pages and are copied as they
are. Collections of such rules ("mixins", as Prometheus Monitoring Mixins call them) are repositories whose
names end so.
"""

from __future__ import annotations

from archlint.finding.regex import regex

_MIXIN = regex(r"//[\w.-]{1,80}/[\w./-]{0,200}[\w.]-mixins?(?:/|\.git|#|\Z)")
_MAKERS = (
    *("runbooks.prometheus-operator.dev", "github.com/prometheus-operator/", "docs.victoriametrics.com"),
    *("github.com/kubernetes-monitoring/", "github.com/thanos-io/", "github.com/grafana/"),
    *("kubernetes.io/docs", "opentelemetry.io/docs", "docs.aws.amazon.com", "github.com/cloudnative-pg/"),
    *("github.com/open-telemetry/", "github.com/timescale/promscale"),
)
"""Pages of the projects whose rules are found most often in repositories of others."""


def is_handed_out(runbook: str) -> bool:
    """Whether a runbook is one of those who made the rule."""
    text = runbook.lower()
    return any(maker in text for maker in _MAKERS) or _MIXIN.search(text[:1000]) is not None
