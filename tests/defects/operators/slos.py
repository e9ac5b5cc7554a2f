"""Objectives of services: made for those of a repository, and then spoilt."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.defects.defects import Defect, line_of, seeds
from tests.defects.operators.expressions import _named
from tests.metamorphic.repositories import Files

PATH = "observability/slos.yaml"


def openslo(service: str, objective: float) -> str:
    """An SLO of OpenSLO, whose objective is a share."""
    return (
        f"apiVersion: openslo/v1\nkind: SLO\nmetadata: {{name: {service}-good}}\nspec:\n"
        f"  service: {service}\n  indicatorRef: good\n  budgetingMethod: Occurrences\n"
        f"  timeWindow: [{{duration: 28d, isRolling: true}}]\n  objectives:\n    - target: {objective}\n"
    )


def sloth_file(service: str, objective: float) -> str:
    """A file of Sloth, whose objective is a percentage."""
    return (
        f"version: prometheus/v1\nservice: {service}\nslos:\n  - name: good\n"
        f"    objective: {objective}\n    sli: {{raw: {{error_ratio_query: up}}}}\n"
    )


def sloth_object(service: str, objective: float) -> str:
    """An object of Sloth."""
    return (
        f"apiVersion: sloth.slok.dev/v1\nkind: PrometheusServiceLevel\nmetadata: {{name: {service}}}\nspec:\n"
        f"  service: {service}\n  slos:\n    - name: good\n      objective: {objective}\n"
    )


SHARES: tuple[Callable[[str, float], str], ...] = (openslo,)
PERCENTAGES: tuple[Callable[[str, float], str], ...] = (sloth_file, sloth_object)


def _services(files: Files) -> list[str]:
    return sorted({name for kind, name in _named(files) if kind == "Deployment"})


@seeds("slo-objective-invalid")
def objective_out_of_range(files: Files) -> Iterator[Defect]:
    """A share where a percentage is meant, a percentage where a share is, and what is neither."""
    for service in _services(files):
        for makers, values in ((SHARES, (99.9, 1, 1.5, -0.5)), (PERCENTAGES, (0.999, 101, -1, 0, 100))):
            for maker in makers:
                for value in values:
                    text = maker(service, value)
                    place = (PATH, line_of(text, text.index(f": {value}\n")))
                    what = f"{maker.__name__} {service} {value}"
                    yield Defect(what, {**files, PATH: text}, frozenset({place}))


@seeds("slo-service-undefined")
def service_misspelt(files: Files) -> Iterator[Defect]:
    """An objective for a service that is called otherwise."""
    known = _named(files)
    names = {name for _, name in known}
    for service in _services(files):
        for wrong in (f"{service}s", service[0] + service[2:], service[0] + service):
            for maker in (*SHARES, *PERCENTAGES) if len(service) > 4 and wrong not in names else ():
                text = maker(wrong, 0.5 if maker in SHARES else 99.5)
                place = (PATH, line_of(text, text.index(f"service: {wrong}")))
                sides = frozenset(line for (_, name), own in known.items() if name == service for line in own)
                yield Defect(f"{maker.__name__} {wrong}", {**files, PATH: text}, frozenset({place}), sides)
