"""Who owns what: data of others, and owners that are told in several places."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.defects.defects import Defect, Line, edited, line_of, seeds
from tests.defects.manifests import place_of_variables, with_variables, workloads
from tests.metamorphic.repositories import Files

_ENV = re.compile(r"(?m)^          env:\n")
_URL = re.compile(r"value: (?P<url>postgres://\w+@(?P<host>[a-z-]+)\.[\w./:-]+/(?P<database>\w+))\n")
_NAME = re.compile(r"(?m)^  name: (?P<name>[\w-]+)$")
_OWNER = re.compile(r"(?m)^  owner: (?P<owner>[\w-]+)$")


def _owner_lines(files: Files) -> dict[str, tuple[str, Line]]:
    """The owner of each component and resource of the catalog, with its line."""
    found = {}
    for path, text in sorted(files.items()):
        if not path.endswith("catalog-info.yaml"):
            continue
        start = 0
        for document in text.split("\n---\n"):
            name, owner = _NAME.search(document), _OWNER.search(document)
            is_meant = "kind: Component" in document or "kind: Resource" in document
            if name and owner and is_meant:
                line = line_of(text, start + owner.start())
                found[name["name"]] = (owner["owner"], (path, line))
            start += len(document) + len("\n---\n")
    return found


def _deployments(files: Files) -> Iterator[tuple[str, str, re.Match[str]]]:
    """Each manifest with variables: its path, its service, and where the variables begin."""
    owners = _owner_lines(files)
    for path, text in sorted(files.items()):
        if "kind: Deployment" in text and path.endswith(".yaml") and "/templates/" not in path:
            match, name = _ENV.search(text), _NAME.search(text, text.index("kind: Deployment"))
            if match and name and name["name"] in owners:
                yield path, name["name"], match


@seeds("datastore-of-another-owner")
def data_of_another_team(files: Files) -> Iterator[Defect]:
    """A variable with the address of a database that a service of another team keeps its data in."""
    owners = _owner_lines(files)
    stores = [
        (path, match) for path, text in files.items() for match in _URL.finditer(text) if "/helm/" not in path
    ]
    for path, service, match in _deployments(files):
        for home, found in sorted(stores, key=lambda item: item[1]["host"]):
            owner = found["database"]
            if owners.get(owner, (None,))[0] in (None, owners[service][0]):
                continue
            text = files[path]
            line = line_of(text, match.end())
            entry = f"            - name: REPORTS_DB_URL\n              value: {found['url']}\n"
            side = {owners[name][1] for name in (owner, found["host"]) if name in owners}
            side.add((home, line_of(files[home], found.start())))
            yield Defect(
                f"{service} reads {found['host']}",
                edited(files, path, text[: match.end()] + entry + text[match.end() :]),
                frozenset({(path, line + 1)}),
                frozenset(side),
            )


@seeds("datastore-of-another-owner")
def moved_into_the_store_of_others(files: Files) -> Iterator[Defect]:
    """A pair of host and name of a database in place of a URL, and both are those of another team."""
    owners = _owner_lines(files)
    hosts = sorted({match["host"] for text in files.values() for match in _URL.finditer(text)})
    for path, service, match in _deployments(files):
        for host in hosts:
            owner = host.removesuffix("-db")
            if host not in owners or owners[host][0] == owners[service][0]:
                continue
            text = files[path]
            line = line_of(text, match.end())
            entry = (
                f"            - name: STATS_DB_HOST\n              value: {host}.shop-data.svc\n"
                f"            - name: STATS_DB_NAME\n              value: {owner}\n"
            )
            yield Defect(
                f"{service} is given host and name of {host}",
                edited(files, path, text[: match.end()] + entry + text[match.end() :]),
                frozenset({(path, line + 1)}),
                frozenset({owners[owner][1], owners[host][1]}),
            )


@seeds("shared-database")
def database_of_another_service(files: Files) -> Iterator[Defect]:
    """A service is given the URL of the database that another one keeps its data in."""
    stores = {
        match["host"]: (path, match)
        for path, text in sorted(files.items())
        for match in _URL.finditer(text)
        if "/helm/" not in path
    }
    for workload in workloads(files):
        for home, match in stores.values():
            if workload.kind != "Deployment" or match["url"] in workload.text:
                continue
            plain = f"jdbc:postgresql://{match['url'].partition('@')[2]}"
            for variable in (("REPORTS_DB_URL", match["url"]), ("SPRING_DATASOURCE_URL", plain)):
                place = place_of_variables(workload, [variable])
                number = line_of(files[home], match.start())
                other = {(home, number), (home, number + 2 if home == workload.path else number)}
                yield Defect(
                    f"{workload.name} uses {match['database']} by {variable[0]}",
                    with_variables(files, workload, [variable]),
                    place | other,
                    place | other,
                )


@seeds("owners-disagree")
def handed_over_in_the_catalog_alone(files: Files) -> Iterator[Defect]:
    """Another team in the catalog's component, while CODEOWNERS still has the one before."""
    owners = _owner_lines(files)
    teams = sorted({owner for owner, _ in owners.values()})
    rules = files.get("CODEOWNERS", "")
    for owner, (path, number) in sorted(owners.values()):
        folder = path.rpartition("/")[0]
        at = rules.find(f"/{folder}/ ")
        if at < 0 or files[path].count("kind: Component") != 1 or "kind: Resource" in files[path]:
            continue
        for other in teams:
            if other != owner:
                lines = files[path].split("\n")
                lines[number - 1] = lines[number - 1].replace(owner, other)
                yield Defect(
                    f"{path}: {owner} -> {other}",
                    edited(files, path, "\n".join(lines)),
                    frozenset({(path, number)}),
                    frozenset({("CODEOWNERS", line_of(rules, at))}),
                )


_CALLING = ("storefront", "catalog", "orders")
"""Services with three calls or more, of which their new owners have no other."""


@seeds("teams-tightly-coupled")
def handed_to_a_new_team(files: Files) -> Iterator[Defect]:
    """A service of many calls that is given to a team with nothing else."""
    lines = _owner_lines(files)
    for service in _CALLING if lines.keys() >= set(_CALLING) else ():
        owner, (path, number) = lines[service]
        manifest, text = next(
            (path, text)
            for path, text in sorted(files.items())
            if re.search(rf"(?m)^kind: Deployment\nmetadata:\n  name: {service}$", text)
        )
        for team in ("red", "green", "blue", "white", "team-growth", "team-search", "search-squad"):
            changed = files[path].split("\n")
            changed[number - 1] = changed[number - 1].replace(owner, team)
            places = {(manifest, at + 1) for at in range(text.count("\n"))}
            yield Defect(
                f"{service}: {owner} -> {team}", edited(files, path, "\n".join(changed)), frozenset(places)
            )
