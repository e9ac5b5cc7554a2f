"""The fenced blocks of a document, and the folder that its examples live in.

What is done with a block follows from its info string:

* any language with ``file=PATH``: the file is written into the document's folder, which begins as a copy of
  the broken shop in git; below ``src/archlint`` and ``rules`` into a copy of archlint's own source, which the
  commands of the document run from then on;
* ``diff`` with ``file=PATH``: that file of the copied source is changed;
* ``console``: lines that begin with ``$`` are run there, and what they print must be what follows; ``...``
  on a line of its own stands for any lines;
* ``sh``: lines that begin with ``archlint`` are run there and must be right usage, whatever they find;
* ``yaml`` and ``toml`` without ``file=``: a configuration of archlint is loaded, and contracts and manifests
  are checked.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.docs.source import ROOT, SourceCopy
from tests.support import inside
from tests.support.caches import with_cache
from tests.support.process import commit_all, git

DOCUMENTS = [
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    ROOT / "fixtures/shop/README.md",
]
_BLOCK = re.compile(r"^(`{3,})([^\n`]*)\n(.*?)^\1[ ]*$", re.MULTILINE | re.DOTALL)
_PLAIN = re.compile(r"archlint((?: [\w./:=,@+-]+)+)(?: +#.*)?\s*")
"""A command of archlint in which there is nothing that a shell would read but a comment."""


@dataclass(frozen=True)
class Block:
    """One fenced block."""

    document: Path
    line: int
    language: str
    file: str | None
    text: str

    def __str__(self) -> str:
        return f"{self.document.relative_to(ROOT)}:{self.line}"


def blocks_of(document: Path) -> list[Block]:
    """The blocks of a document in order; blocks inside of blocks belong to the outer one."""
    found: list[Block] = []
    text = document.read_text("utf-8")
    for match in _BLOCK.finditer(text):
        language, *words = match[2].split() or [""]
        files = [word.removeprefix("file=") for word in words if word.startswith("file=")]
        line = text.count("\n", 0, match.start()) + 1
        found.append(Block(document, line, language, files[0] if files else None, match[3]))
    return found


def blocks(*languages: str) -> list[Block]:
    """The blocks of all documents in some languages."""
    return [block for document in DOCUMENTS for block in blocks_of(document) if block.language in languages]


class Workspace:
    """A repository in which the examples of a document are laid out and run."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "repository"
        shutil.copytree(ROOT / "fixtures/shop/broken", self.root)
        for variant in ("clean", "broken"):
            shutil.copytree(ROOT / "fixtures/shop" / variant, self.root / "fixtures/shop" / variant)
        base = commit_all(self.root)
        git(self.root, "update-ref", "refs/remotes/origin/main", base)
        self._plugins: list[Path] = []
        self._source: SourceCopy | None = None

    @property
    def source(self) -> SourceCopy:
        """A copy of archlint's source, which the commands run once it was asked for."""
        if self._source is None:
            self._source = SourceCopy(self.root.parent)
        return self._source

    def write(self, block: Block) -> None:
        """Lay out a block; a project that offers rules is installed as far as archlint looks."""
        assert block.file is not None
        if block.language == "diff":
            self.source.change(block.file, block.text)
        elif block.file.startswith(("src/archlint/", "rules/")):
            self.source.write(block.file, block.text)
        else:
            self._lay_out(block.file, block.text)

    def _lay_out(self, path: str, text: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
        if target.name == "pyproject.toml":
            project = tomllib.loads(text)["project"]
            lines = [f"{name} = {value}" for name, value in project["entry-points"]["archlint.rules"].items()]
            info = target.parent / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
            info.mkdir()
            (info / "entry_points.txt").write_text("\n".join(["[archlint.rules]", *lines, ""]))
            self._plugins.append(target.parent)

    def _installed(self, number: int, plugin: Path) -> Path:
        """A copy outside of the repository: from inside of it nothing is imported."""
        return Path(shutil.copytree(plugin, self.root.parent / f"plugin-{number}", dirs_exist_ok=True))

    def run(self, command: str) -> tuple[int, str]:
        """The exit code and all that a command line prints; a plain one of archlint needs no process."""
        plain = _PLAIN.fullmatch(command)
        if plain and self._source is None and not self._plugins:
            return inside.said(*plain[1].split(), cwd=self.root, NO_COLOR="1")
        programs = [Path(sys.executable).parent, *os.environ["PATH"].split(os.pathsep)]
        if self._source is not None:
            programs.insert(0, self._source.programs)
        installed = [self._installed(number, plugin) for number, plugin in enumerate(self._plugins)]
        environment = {
            **os.environ,
            **with_cache(self.root, {}),
            "PATH": os.pathsep.join(map(str, programs)),
            "PYTHONPATH": os.pathsep.join(map(str, installed)),
            "NO_COLOR": "1",
        }
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return done.returncode, done.stdout.decode()


def commands_of(text: str) -> list[tuple[str, str]]:
    """Each command of a ``console`` block with the output that follows it."""
    found: list[tuple[str, str]] = []
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        found.append((command, output))
    return found


def is_alike(expected: str, output: str) -> bool:
    """Whether an output is the expected one, apart from blank lines at its end and lines left out."""
    pattern = re.escape(expected.rstrip() + "\n").replace("\\.\\.\\.\\\n", r"(?:.*\n)*?")
    return re.fullmatch(pattern, output.rstrip() + "\n") is not None
