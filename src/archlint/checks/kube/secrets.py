"""Secrets that stand in manifests as they are."""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, check, observe
from archlint.finding.regex import regex
from archlint.model.kubernetes import Container
from archlint.model.kubernetes.plain_values import PlainValue

_POLARIS = regex(
    r"(?i)\A(?:AWS_SECRET_ACCESS_KEY|GOOGLE_APPLICATION_CREDENTIALS|AZURE_.+KEY|OCI_CLI_KEY_CONTENT)\Z"
    r"|password|token|bearer|secret"
)


@check(PlainValue)
def credential_in_manifest(value: PlainValue, options: Options) -> Iterator[Observation]:
    """A value that is a credential by its form."""
    token = value.token
    if token is not None and value.key not in options["allowed"]:
        yield observe(value.node.place(), aliases=_names(value, token), where=value.where, token=token)


@check(PlainValue)
def secret_name_with_value(value: PlainValue, options: Options) -> Iterator[Observation]:
    """A value that is a secret by its name."""
    if value.key not in options["allowed"] and value.is_named_secret and value.token is None:
        yield observe(value.node.place(), aliases=_names(value, None), where=value.where)


def _names(value: PlainValue, token: str | None) -> list[str]:
    is_polaris = _POLARIS.search(value.key) is not None or token == "a private key"
    if value.container is None:
        return ["polaris:sensitiveConfigmapContent"] if is_polaris else []
    names = ["polaris:sensitiveContainerEnvVar"] if is_polaris else []
    return names + (["kube-linter:env-var-secret"] if "secret" in value.key.lower() else [])


@check(Container)
def secret_in_environment(container: Container, options: Options) -> Iterator[Observation]:
    """A Secret that reaches the program as a variable."""
    for entry in container.get("env").elements():
        chosen = entry.get("valueFrom", "secretKeyRef")
        if chosen.is_set:
            name = entry.get("name").text or ""
            yield observe(chosen.place(), container=container.name, variable=name)
