"""kube-linter: ``.kube-linter.yaml`` with ``checks`` and ``customChecks``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archlint.config.foreign.patterns import UnusablePattern, as_patterns
from archlint.config.foreign.source import ForeignFile
from archlint.config.foreign.translation import Translation

TOOL = "kube-linter"
FILES = (".kube-linter.yaml", ".kube-linter.yml")

_DEFAULT = (
    *("dangling-service", "deprecated-service-account-field", "docker-sock", "drop-net-raw-capability"),
    *("duplicate-env-var", "env-var-secret", "host-ipc", "host-network", "host-pid", "invalid-target-ports"),
    *("job-ttl-seconds-after-finished", "latest-tag", "liveness-port", "mismatching-selector"),
    *("no-anti-affinity", "no-extensions-v1beta", "no-read-only-root-fs", "non-existent-service-account"),
    *("pdb-max-unavailable", "pdb-min-available", "pdb-unhealthy-pod-eviction-policy"),
    *("privilege-escalation-container", "privileged-container", "readiness-port", "run-as-non-root"),
    *("sensitive-host-mounts", "ssh-port", "startup-port", "unsafe-sysctls", "unset-cpu-requirements"),
    "unset-memory-requirements",
)
"""Checks that run without being named."""
_OPTIONAL = (
    *("access-to-create-pods", "access-to-secrets", "cluster-admin-role-binding", "dangling-ingress"),
    *("dangling-horizontalpodautoscaler", "dangling-networkpolicy", "dangling-networkpolicypeer-podselector"),
    *("dangling-servicemonitor", "default-service-account", "dnsconfig-options", "env-value-from"),
    *("exposed-services", "hpa-minimum-three-replicas", "minimum-three-replicas", "no-liveness-probe"),
    *("no-node-affinity", "no-readiness-probe", "no-rolling-update-strategy", "non-isolated-pod"),
    *("priority-class-name", "privileged-ports", "read-secret-from-env-var", "required-annotation-email"),
    *("required-label-owner", "restart-policy", "scc-deny-privileged-container", "schema-validation"),
    *("sorted-keys", "unsafe-proc-mount", "use-namespace", "wildcard-in-rules", "writable-host-mount"),
)
_TEMPLATES = {
    "liveness-probe": "no-liveness-probe",
    "readiness-probe": "no-readiness-probe",
    "privileged": "privileged-container",
    "read-only-root-fs": "no-read-only-root-fs",
    **{
        name: name
        for name in (
            *("dangling-horizontalpodautoscaler", "dangling-networkpolicy", "dangling-service"),
            *("env-value-from", "host-ipc", "host-network", "host-pid", "latest-tag", "mismatching-selector"),
            *("non-existent-service-account", "non-isolated-pod", "privilege-escalation-container"),
            *("run-as-non-root", "wildcard-in-rules"),
        )
    },
}
"""Templates of custom checks that, without parameters, say what a check of kube-linter's own says."""
_OWN_RULE = "a check of your own: write it as a rule in CEL (`rule-folders`, docs/writing-rules.md)"


def is_own(source: ForeignFile) -> bool:
    """Whether a file says ``checks`` or ``customChecks`` as kube-linter does."""
    data = source.data
    if not isinstance(data, dict):
        return False
    checks = data.get("checks")
    known = {"addAllBuiltIn", "doNotAutoAddDefaults", "exclude", "include", "ignorePaths"}
    return (isinstance(checks, dict) and bool(known & checks.keys())) or isinstance(
        data.get("customChecks"), list
    )


def rule_names(check: str) -> Sequence[str]:
    """How rule pages call a check."""
    return (f"{TOOL}:{check}",)


def translate(source: ForeignFile, into: Translation) -> None:
    """Tell the checks that run, as kube-linter works them out, and the paths that it ignores."""
    keys = source.keys
    checks = keys.get("checks")
    checks = checks if isinstance(checks, dict) else {}
    for check in _DEFAULT:
        if checks.get("doNotAutoAddDefaults") is True:
            into.turn_off(check)
        else:
            into.turn_on(check)
    if checks.get("addAllBuiltIn") is True:
        for check in (*_DEFAULT, *_OPTIONAL):
            into.turn_on(check)
    custom = [item for item in _listed(keys.get("customChecks")) if isinstance(item, dict)]
    own = {str(item.get("name")) for item in custom}
    excluded = {*map(str, _listed(checks.get("exclude")))}
    for check in map(str, _listed(checks.get("include"))):
        if check in own or check in excluded:
            continue
        if check in (*_DEFAULT, *_OPTIONAL):
            into.turn_on(check)
        else:
            into.lose(
                f"check '{check}'", "kube-linter has no check of that name, and archlint no rule for it"
            )
    for item in custom:
        if str(item.get("name")) not in excluded:
            _custom(item, into)
    for check in excluded & {*_DEFAULT, *_OPTIONAL}:
        into.turn_off(check)
    for path in _listed(checks.get("ignorePaths")):
        _ignored(str(path), into)
    for key in keys.keys() - {"checks", "customChecks"}:
        into.lose(f"key '{key}'", "kube-linter has no such key")


def _custom(check: Mapping[str, Any], into: Translation) -> None:
    name, template = str(check.get("name")), str(check.get("template"))
    params, scope = check.get("params"), check.get("scope")
    if scope and _kinds(scope) != ["DeploymentLike"]:
        into.lose(f"custom check '{name}'", "rules of archlint choose their kinds themselves")
    elif template == "minimum-replicas":
        least = params.get("minReplicas") if isinstance(params, dict) else None
        into.turn_on("minimum-three-replicas")
        if isinstance(least, int) and not isinstance(least, bool) and least >= 1:
            into.set_option("minimum-three-replicas", "min", least)
    elif template in _TEMPLATES and not params:
        into.turn_on(_TEMPLATES[template])
    else:
        into.lose(f"custom check '{name}'", _OWN_RULE)


def _kinds(scope: Any) -> list[Any]:
    return _listed(scope.get("objectKinds")) if isinstance(scope, dict) else []


def _ignored(path: str, into: Translation) -> None:
    try:
        for pattern in as_patterns(path):
            into.leave_out(pattern)
    except UnusablePattern as problem:
        into.lose(f"ignored path '{path}'", str(problem))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
