"""Polaris: a configuration with ``checks``, ``exemptions`` and ``customChecks``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archlint.config.foreign.source import ForeignFile
from archlint.config.foreign.translation import Translation
from archlint.finding import Severity

TOOL = "polaris"
FILES = ("polaris.yaml", "polaris.yml", ".polaris.yaml", "polaris-config.yaml")

_SEVERITIES = {"danger": Severity.ERROR, "error": Severity.ERROR, "warning": Severity.WARNING}
"""Before its fourth version Polaris called danger an error."""
_FORMERLY = {
    "multipleReplicasForDeployment": "deploymentMissingReplicas",
    "metadataAndNameMismatched": "metadataAndInstanceMismatched",
}
_DEFAULT = (
    *("automountServiceAccountToken", "clusterrolePodExecAttach", "clusterrolebindingClusterAdmin"),
    *("clusterrolebindingPodExecAttach", "cpuLimitsMissing", "cpuRequestsMissing", "dangerousCapabilities"),
    *("deploymentMissingReplicas", "hostIPCSet", "hostNetworkSet", "hostPIDSet", "hostPathSet"),
    *("hostPortSet", "hostProcess", "hpaMaxAvailability", "hpaMinAvailability", "insecureCapabilities"),
    *("linuxHardening", "livenessProbeMissing", "memoryLimitsMissing", "memoryRequestsMissing"),
    *("metadataAndInstanceMismatched", "missingNetworkPolicy", "missingPodDisruptionBudget"),
    *("notReadOnlyRootFilesystem", "pdbDisruptionsIsZero", "pdbMinAvailableGreaterThanHPAMinReplicas"),
    *("priorityClassNotSet", "privilegeEscalationAllowed", "procMount", "pullPolicyNotAlways"),
    *("readinessProbeMissing", "rolePodExecAttach", "rolebindingClusterAdminClusterRole"),
    *("rolebindingClusterAdminRole", "rolebindingClusterRolePodExecAttach", "rolebindingRolePodExecAttach"),
    *("runAsPrivileged", "runAsRootAllowed", "sensitiveConfigmapContent", "sensitiveContainerEnvVar"),
    *("tagNotSpecified", "tlsSettingsMissing", "topologySpreadConstraint"),
)
_OWN_RULE = "a check of your own: write it as a rule in CEL (`rule-folders`, docs/writing-rules.md)"


def is_own(source: ForeignFile) -> bool:
    """Whether a file gives checks the severities that Polaris knows."""
    checks = _settings(source.data).get("checks")
    return isinstance(checks, dict) and any(
        isinstance(value, str) and value in (*_SEVERITIES, "ignore") for value in checks.values()
    )


def _settings(data: Any) -> Mapping[str, Any]:
    """What a file says; in the values of Polaris' chart that is one level further down."""
    if not isinstance(data, dict):
        return {}
    inner = data.get("config")
    return inner if isinstance(inner, dict) and "checks" in inner and "checks" not in data else data


def rule_names(check: str) -> Sequence[str]:
    """How rule pages call a check."""
    return (f"{TOOL}:{check}",)


def translate(source: ForeignFile, into: Translation) -> None:
    """Tell each check: a configuration replaces Polaris' own, so what it does not name is off."""
    keys = _settings(source.keys)
    checks = keys.get("checks")
    checks = checks if isinstance(checks, dict) else {}
    custom = keys.get("customChecks")
    custom = custom if isinstance(custom, dict) else {}
    for check in _DEFAULT:
        into.omit(check)
    for check, value in checks.items():
        if check not in custom:
            _check(_FORMERLY.get(str(check), str(check)), value, into)
    for name in custom:
        into.lose(f"custom check '{name}'", _OWN_RULE)
    if keys.get("disallowExemptions") is not True and keys.get("disallowConfigExemptions") is not True:
        exemptions = keys.get("exemptions")
        for exemption in exemptions if isinstance(exemptions, list) else []:
            if isinstance(exemption, dict):
                _exempt(exemption, into)
    for key in ("disallowExemptions", "disallowAnnotationExemptions"):
        if keys.get(key) is True:
            into.lose(f"key '{key}'", "annotations of Polaris have no effect on archlint anyway")
    if keys.get("mutations"):
        into.lose("key 'mutations'", "`archlint check --fix` fixes what its rules can fix")


def _check(check: str, value: Any, into: Translation) -> None:
    if check not in _DEFAULT:
        into.lose(f"check '{check}'", "Polaris has no check of that name, and archlint no rule for it")
    elif value == "ignore":
        into.turn_off(check)
    elif isinstance(value, str) and value in _SEVERITIES:
        into.turn_on(check, _SEVERITIES[value])
    else:
        into.lose(f"check '{check}'", "its severity is none of danger, warning, ignore")


def _exempt(exemption: Mapping[str, Any], into: Translation) -> None:
    names = [name for name in _listed(exemption.get("controllerNames")) if name.strip()]
    containers, namespace = _listed(exemption.get("containerNames")), exemption.get("namespace")
    what = _described(names, containers, namespace)
    if containers:
        into.lose(what, "archlint suppresses at an object, not at a container; annotate it (archlint/ignore)")
        return
    if not names:
        into.lose(what, "archlint suppresses by path and object, not by namespace; suppress its folder")
        return
    checks = _listed(exemption.get("rules")) or list(into.in_force)
    known = [check for check in checks if check in into.in_force and into.rules_of(check)]
    if not known:
        return
    where = f" of namespace {namespace}" if namespace else ""
    reason = f"exempt in Polaris: objects{where} whose names begin so"
    into.allow(known, ("**",), reason, names)
    into.lose(
        what, "archlint takes the whole name of an object, in any namespace; check this entry of suppress"
    )


def _described(names: Sequence[str], containers: Sequence[str], namespace: object) -> str:
    parts = [
        f"namespace '{namespace}'" if namespace else "",
        f"controllers {', '.join(names)}" if names else "",
        f"containers {', '.join(containers)}" if containers else "",
    ]
    return f"exemption of {' and '.join(part for part in parts if part) or 'everything'}"


def _listed(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []
