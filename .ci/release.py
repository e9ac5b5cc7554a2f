"""Prepares a release, and says whether a tag may be published. docs/releasing.md tells the steps around it.

The version stands in ``src/archlint/__init__.py`` alone; ``changes/`` holds what is not released yet.
"""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_VERSION = re.compile(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?\Z")
_NOT_RELEASED = "(not yet released)"


def version(root: Path) -> str:
    """The version of the source."""
    found = re.search(
        r'^__version__ = "([^"]+)"$', (root / "src/archlint/__init__.py").read_text("utf-8"), re.MULTILINE
    )
    if found is None:
        raise SystemExit('src/archlint/__init__.py has no line __version__ = "..."')
    return found[1]


def fragments(root: Path) -> list[str]:
    """The names of the files that tell of changes since the last release."""
    return sorted(path.name for path in (root / "changes").iterdir() if path.name != "README.md")


def problems(root: Path, tag: str) -> list[str]:
    """Why a tag may not be published; empty if it may."""
    stated = version(root)
    found = []
    if tag != f"v{stated}":
        found.append(f"the tag is {tag}, and the version v{stated}: src/archlint/__init__.py")
    headings = re.findall(r"^## (.*)$", (root / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    if not any(re.fullmatch(rf"{re.escape(stated)} \(\d{{4}}-\d\d-\d\d\)", heading) for heading in headings):
        found.append(f"CHANGELOG.md has no heading '## {stated} (YYYY-MM-DD)'")
    found += [f"CHANGELOG.md still has '## {item}'" for item in headings if item.endswith(_NOT_RELEASED)]
    found += [f"changes/{name} is not in CHANGELOG.md yet: make release" for name in fragments(root)]
    return found


def prepare(root: Path, wanted: str) -> None:
    """Set the version, and move the fragments into the changelog under its heading."""
    if not _VERSION.match(wanted):
        raise SystemExit(f"'{wanted}' is no version; type: make release VERSION=0.2.0")
    if not fragments(root):
        raise SystemExit("changes/ is empty: there is nothing to release")
    file, changelog = root / "src/archlint/__init__.py", root / "CHANGELOG.md"
    file.write_text(file.read_text("utf-8").replace(f'"{version(root)}"', f'"{wanted}"'), "utf-8")
    today = datetime.now(UTC).date().isoformat()
    towncrier = (sys.executable, "-m", "towncrier", "build", "--yes", "--version", wanted, "--date", today)
    subprocess.run(towncrier, cwd=root, check=True, stdout=subprocess.DEVNULL)
    # What was written by hand before the first release goes on under the heading that was just made.
    text = changelog.read_text("utf-8")
    changelog.write_text(
        re.sub(rf"^## .*{re.escape(_NOT_RELEASED)}\n\n", "", text, flags=re.MULTILINE), "utf-8"
    )
    print(f"Version {wanted} is prepared; docs/releasing.md goes on with: read CHANGELOG.md, commit, tag.")


if __name__ == "__main__":
    _, step, name = sys.argv
    if step == "prepare":
        prepare(ROOT, name)
    elif faults := problems(ROOT, name):
        raise SystemExit("\n".join(faults))
