"""Services without what people look for first: a README beside the source, a runbook for the night."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tests.defects.defects import Defect, seeds
from tests.metamorphic.repositories import Files

_DEPLOYMENT = re.compile(r"(?m)^kind: Deployment\nmetadata:\n  name: (?P<name>[\w-]+)$")


def _services(files: Files) -> dict[str, str]:
    """Each service with a folder of source, and the path of its manifest."""
    found = {}
    for path, text in sorted(files.items()):
        match = _DEPLOYMENT.search(text)
        if match and "/templates/" not in path and f"services/{match['name']}/catalog-info.yaml" in files:
            found.setdefault(match["name"], path)
    return found


def _without_one(
    files: Files, names: list[str], forms: tuple[str, ...], places: Callable[[str], set[tuple[str, int]]]
) -> Iterator[Defect]:
    for form in forms:
        for missing in names:
            made = dict(files)
            for name in names:
                made[f"services/{name}/Dockerfile"] = f"FROM shop/base:1\nCOPY {name} /\n"
                if name != missing:
                    made[form.format(name)] = f"# {name}\n\nWhat it does.\n"
            yield Defect(f"{form.format(missing)} is missing", made, frozenset(places(missing)))


@seeds("service-without-readme")
def nothing_to_read(files: Files) -> Iterator[Defect]:
    """A folder of source without README, where all others have one."""
    forms = ("services/{}/README.md", "services/{}/readme.md", "services/{}/README.adoc")
    names = sorted(_services(files))
    yield from _without_one(files, names, forms, lambda name: {(f"services/{name}/Dockerfile", 1)})


@seeds("service-without-runbook")
def nothing_for_the_night(files: Files) -> Iterator[Defect]:
    """A service without runbook, where all others have one."""
    services = _services(files)
    made = {path: text for path, text in files.items() if not path.startswith("docs/runbooks/")}
    forms = ("docs/runbooks/{}.md", "services/{}/RUNBOOK.md", "ops/playbooks/{}/index.md")

    def places(name: str) -> set[tuple[str, int]]:
        path = services[name]
        lines = enumerate(files[path].split("\n"), 1)
        return {(path, number) for number, line in lines if f"name: {name}" in line}

    yield from _without_one(made, sorted(services), forms, places)
