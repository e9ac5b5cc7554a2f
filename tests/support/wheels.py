"""Installs archlint by its real installers from wheels of what the tests' own environment has.

An index lists ten thousands of files for what archlint depends on; to look through them takes pip most of an
installation. Only what archlint and its build declare, and what that declares in turn, is offered: what is
used and not declared is missing.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

_BUILD = ("hatchling", "pyyaml")
"""What ``build-system`` in pyproject.toml asks for."""


def offer(folder: Path) -> dict[str, str]:
    """Put the wheels into a folder; returns the variables by which pip takes them from there alone."""
    for each in _declared():
        _pack(each, folder)
    not_compiled = {"PIP_NO_COMPILE": "no"}  # such options of pip are switched on by a "no"
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder), **not_compiled}


def _declared() -> Iterator[Distribution]:
    waiting, seen = ["archlint", *_BUILD], set[str]()
    while waiting:
        name = waiting.pop()
        if name.lower() in seen:
            continue
        seen.add(name.lower())
        found = distribution(name)
        if name != "archlint":
            yield found
        demands = map(Requirement, found.requires or ())
        waiting.extend(each.name for each in demands if each.marker is None or each.marker.evaluate())


def _pack(installed: Distribution, folder: Path) -> None:
    """What pip unpacked, as a wheel again; programs are made anew when it is installed."""
    tags = [line.split()[1].split("-") for line in _text(installed, "WHEEL") if line.startswith("Tag:")]
    compressed = "-".join(".".join(sorted(set(part))) for part in zip(*tags, strict=True))
    home = next(file.parts[0] for file in installed.files or () if file.parts[0].endswith(".dist-info"))
    inside = (line for line in _text(installed, "RECORD") if not line.startswith(("..", "/")))
    written = [line for line in inside if ".pyc," not in line]
    with zipfile.ZipFile(folder / f"{home.removesuffix('.dist-info')}-{compressed}.whl", "w") as wheel:
        for line in written:
            path = line.rsplit(",", 2)[0].strip('"')
            if path != f"{home}/RECORD":
                wheel.write(str(installed.locate_file(path)), path)
        wheel.writestr(f"{home}/RECORD", "\n".join(written) + "\n")


def _text(installed: Distribution, name: str) -> list[str]:
    text = installed.read_text(name)
    assert text is not None, f"{installed.name} has no {name}: it was not installed by pip"
    return text.splitlines()
