"""Credentials and identities: each service of a repository is given those of another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.defects.defects import Defect, Line, edited, line_of, seeds
from tests.metamorphic.repositories import Files

_DEPLOYMENT = re.compile(r"(?ms)^kind: Deployment\nmetadata:\n  name: (?P<name>[\w-]+)\n.*?(?=^---|\Z)")
_CHOSEN = re.compile(r"secretKeyRef:\n +name: (?P<secret>[\w-]+)\n +key: (?P<key>[\w-]+)\n")
_NAMESPACE = re.compile(r"(?m)^  namespace: (?P<in>[\w-]+)$")
_ENV = re.compile(r"(?m)^          env:\n")


@dataclass(frozen=True)
class _Taken:
    """A Secret that a workload takes a value from."""

    path: str
    workload: str
    secret: str
    key: str
    span: tuple[int, int]
    """Where its name stands in the file."""

    def line(self, files: Files) -> Line:
        """The line of its name."""
        return (self.path, line_of(files[self.path], self.span[0]))


def _taken(files: Files) -> list[_Taken]:
    return [
        _Taken(
            path,
            deployment["name"],
            chosen["secret"],
            chosen["key"],
            (deployment.start() + chosen.start("secret"), deployment.start() + chosen.end("secret")),
        )
        for path, text in sorted(files.items())
        if path.endswith(".yaml") and "/templates/" not in path
        for deployment in _DEPLOYMENT.finditer(text)
        for chosen in _CHOSEN.finditer(deployment[0])
    ]


def _is_common(taken: list[_Taken], secret: str) -> bool:
    """Whether several workloads take a Secret anyway, so that it is of none of them."""
    return len({item.workload for item in taken if item.secret == secret}) > 1


@seeds("secret-shared")
def password_of_another_service(files: Files) -> Iterator[Defect]:
    """A variable with the password from the Secret of another service in place of the own one."""
    taken = _taken(files)
    for item in taken:
        for other in taken:
            if other.workload == item.workload or other.key != item.key or _is_common(taken, other.secret):
                continue
            text = files[item.path]
            yield Defect(
                f"{item.workload} takes {other.secret}",
                edited(files, item.path, text[: item.span[0]] + other.secret + text[item.span[1] :]),
                frozenset({item.line(files)}),
                frozenset({other.line(files)}),
            )


@seeds("secret-shared")
def whole_secret_of_another_service(files: Files) -> Iterator[Defect]:
    """All variables from the Secret of another service beside the own ones."""
    taken = _taken(files)
    for item in taken:
        for other in taken:
            if other.workload == item.workload or _is_common(taken, other.secret):
                continue
            text = files[item.path]
            start = next((m.start() for m in _ENV.finditer(text) if m.start() < item.span[0]), None)
            if start is None:
                continue
            entry = f"          envFrom:\n            - secretRef:\n                name: {other.secret}\n"
            yield Defect(
                f"{item.workload} takes {other.secret} whole",
                edited(files, item.path, text[:start] + entry + text[start:]),
                frozenset({(item.path, line_of(text, start) + 2)}),
                frozenset({other.line(files)}),
            )


@seeds("service-account-shared")
def identity_of_another_service(files: Files) -> Iterator[Defect]:
    """A workload that runs under the account of another one, to which a role is bound."""
    naming = re.compile(r"(?m)^      serviceAccountName: (?P<account>[\w-]+)$")
    found = [
        (path, deployment["name"], account["account"], deployment.start() + account.start("account"))
        for path, text in sorted(files.items())
        if path.endswith(".yaml") and "/templates/" not in path and "/kustomize/" not in path
        for deployment in _DEPLOYMENT.finditer(text)
        for account in naming.finditer(deployment[0])
    ]
    for path, workload, own, start in found:
        for home, other, account, _ in found:
            if home.rpartition("/")[0] != path.rpartition("/")[0]:
                continue  # it may be applied elsewhere
            users = {name for _, name, used, _ in found if used == account}
            if account == own or other == workload or len(users) > 1:
                continue
            text = files[path]
            space = _NAMESPACE.search(text)
            where = f"  namespace: {space['in']}\n" if space else ""
            binding = (
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\n"
                f"metadata:\n  name: {account}-reads\n{where}"
                "roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ClusterRole\n  name: view\n"
                f"subjects:\n  - kind: ServiceAccount\n    name: {account}\n"
            ) + (f"  {where}" if where else "")
            whole = text[:start] + account + text[start + len(own) :]
            changed = edited(files, path, f"{whole.rstrip()}\n---\n{binding}")
            yield Defect(
                f"{workload} runs as {account}",
                changed,
                frozenset({(path, line_of(text, start))}),
                frozenset(
                    (here, line_of(files[here], at)) for here, _, named, at in found if named == account
                ),
            )
