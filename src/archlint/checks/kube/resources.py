"""Requests and limits of containers: are they there?"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.checks import Observation, Options, join, observe
from archlint.model.kubernetes import Container
from archlint.model.kubernetes.resources import has_limit, has_request
from archlint.model.world import World


@join(Container)
def memory_limit_missing(container: Container, world: World, options: Options) -> Iterator[Observation]:
    """A container that runs for long without a limit on memory."""
    if _is_judged(container, options) and not has_limit(container, "memory", world):
        names = ["kube-score:container-resources", "kube-linter:unset-memory-requirements"]
        yield _missing(container, "limits", "memory", [*names, *_polaris(container, "memoryLimitsMissing")])


@join(Container)
def memory_request_missing(container: Container, world: World, options: Options) -> Iterator[Observation]:
    """A container that runs for long and reserves no memory."""
    if _is_judged(container, options) and not has_request(container, "memory", world):
        names = ["kube-score:container-resources"]
        yield _missing(
            container, "requests", "memory", [*names, *_polaris(container, "memoryRequestsMissing")]
        )


@join(Container)
def cpu_limit_missing(container: Container, world: World, options: Options) -> Iterator[Observation]:
    """A container that runs for long without a limit on CPU."""
    if _is_judged(container, options) and not has_limit(container, "cpu", world):
        names = ["kube-score:container-resources"]
        yield _missing(container, "limits", "cpu", [*names, *_polaris(container, "cpuLimitsMissing")])


@join(Container)
def cpu_request_missing(container: Container, world: World, options: Options) -> Iterator[Observation]:
    """A container that runs for long and reserves no CPU."""
    if _is_judged(container, options) and not has_request(container, "cpu", world):
        names = ["kube-score:container-resources", "kube-linter:unset-cpu-requirements"]
        yield _missing(container, "requests", "cpu", [*names, *_polaris(container, "cpuRequestsMissing")])


def _is_judged(container: Container, options: Options) -> bool:
    return container.is_lasting or (container.role == "init" and bool(options["init-containers"]))


def _missing(container: Container, section: str, resource: str, aliases: list[str]) -> Observation:
    amount = container.get("resources", section, resource)
    return observe(amount.place(), container=container.name, aliases=aliases)


def _polaris(container: Container, name: str) -> list[str]:
    """Polaris looks at main containers only."""
    return [f"polaris:{name}"] if container.role == "main" else []
