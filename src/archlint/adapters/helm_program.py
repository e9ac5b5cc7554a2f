"""The program ``helm`` as what carries templates out, where a flag or the environment names it.

    archive in a temporary folder -> helm template -> objects with "# Source: chart/templates/a.yaml"

It runs once for each rendering, without the environment and settings of whoever runs archlint, in a folder of
its own, with limits on memory, on CPU time and on what it writes. ``helm template`` asks no cluster and
fetches nothing; what makes it refuse a chart that archlint renders all the same (dependencies that are not
there, versions of Kubernetes, which archlint judges itself) is taken out of ``Chart.yaml``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from archlint.adapters import helm
from archlint.adapters.helm_worker import packed_chart
from archlint.adapters.named_programs import program_path
from archlint.documents.load import load_text
from archlint.files import Kind
from archlint.finding.regex import regex

_CHART = "Chart.yaml"
_RESERVED = 2_000_000_000
"""Address space that the runtime of Go reserves when it starts."""
_SOURCE = regex(r"(?:\A|\n)---\n# Source: ([^\n]+)\n")
_NO_YAML = regex(
    r"(?:YAML parse error on|manifest \S+ is not valid YAML|parse error in) \"?([^:\s\"]+)\"?:? "
)
_LIMITS = Path(__file__).with_name("helm_limits.py")


class HelmProblem(Exception):
    """There is no such program; the text says what to do."""


class HelmProgram(helm.HelmRenderer):
    """The ``Renderer`` that runs a program."""

    def __init__(self, program: str, kept: MutableMapping[str, bytes] | None = None) -> None:
        """``program`` is an absolute path (``found``); ``kept`` has the answers of earlier runs."""
        super().__init__(_Program(program), kept)


def found(program: str) -> str:
    """The absolute path of a program, which is a path or a name to look up; raises ``HelmProblem``."""
    path = program_path(program)
    if path is None:
        raise HelmProblem(f"there is no program '{program}'; install helm, or name it with --helm=PATH")
    return path


class _Program:
    """Runs the program for each question."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._files: Mapping[str, bytes] = {}
        self._seconds = 0.0

    @cached_property
    def version(self) -> str:
        """As the program tells it."""
        with TemporaryDirectory(prefix="archlint-") as folder:
            code, said, _ = self._run(Path(folder), ["version", "--template", "{{.Version}}"], helm.SECONDS)
        return f"program {said.strip()[:40]}" if code == 0 and said.strip() else "program"

    def close(self) -> None:
        """Nothing runs between two questions."""

    def ask(self, files: Mapping[str, bytes], question: dict[str, Any]) -> dict[str, Any]:
        """See ``Engine.ask``."""
        if files is not self._files:
            self._files, self._seconds = files, 0.0
        left = helm.SECONDS - self._seconds
        if left <= 0:
            return _limit("time")
        whole = {
            **files,
            **{name: text.encode("utf-8", "replace") for name, text in question["changes"].items()},
        }
        with TemporaryDirectory(prefix="archlint-") as name:
            folder = Path(name)
            (folder / "chart.tgz").write_bytes(packed_chart(_renderable(whole)))
            arguments = ["template", question["name"], "chart.tgz", f"--namespace={question['namespace']}"]
            for number, text in enumerate((*question["values"], json.dumps(question["overrides"]))):
                (folder / f"values-{number}.yaml").write_bytes(text.encode("utf-8", "replace"))
                arguments.append(f"--values=values-{number}.yaml")
            before = _seconds_of_children()
            code, said, complaint = self._run(folder, arguments, left)
            used = _seconds_of_children() - before
            self._seconds += used
        if code == 0:
            return {"files": _by_template(said)} if len(said) <= helm.OUTPUT else _limit("output")
        if code is not None and code < 0 and used >= left:
            return _limit("time")
        return _refusal(code, complaint, len(said))

    def _run(self, folder: Path, arguments: Sequence[str], seconds: float) -> tuple[int | None, str, str]:
        """Exit code (``None`` if it was not waited for) and what it wrote on both streams."""
        command = [self._program, *arguments]
        if os.name == "posix":
            bounds = [str(_RESERVED + helm.MEMORY), str(int(seconds) + 1), str(helm.OUTPUT * 4)]
            command = [sys.executable, "-I", "-S", str(_LIMITS), *bounds, *command]
        home = {name: str(folder / "home") for name in _HOMES}
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
            try:
                code: int | None = subprocess.run(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=err,
                    cwd=folder,
                    env={**kept, **home, **_NOTHING},
                    timeout=helm.PATIENCE,
                    check=False,
                ).returncode
            except subprocess.TimeoutExpired:
                code = None
            except OSError as error:
                return 127, "", f"it cannot be run: {error.strerror}"
        said = (folder / "out").read_bytes()[: helm.OUTPUT * 4].decode("utf-8", "replace")
        return code, said, (folder / "err").read_bytes()[:20_000].decode("utf-8", "replace")


_HOMES = (
    "HOME",
    "USERPROFILE",
    "APPDATA",
    "TEMP",
    "TMP",
    "TMPDIR",
    "HELM_CACHE_HOME",
    "HELM_CONFIG_HOME",
    "HELM_DATA_HOME",
    "HELM_PLUGINS",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
)
_KEPT = ("SYSTEMROOT",)
"""What programs need on Windows to start."""
_NOTHING = {"KUBECONFIG": os.devnull, "HELM_NO_PLUGINS": "1", "GOTRACEBACK": "none", "NO_COLOR": "1"}


def _seconds_of_children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _limit(kind: str) -> dict[str, Any]:
    return {"kind": "limit", "error": kind}


def _refusal(code: int | None, complaint: str, size: int) -> dict[str, Any]:
    """What the program says that it does not render, or how it ended."""
    if code is None:
        return helm.LATE
    if size >= helm.OUTPUT or code == -_SIGXFSZ:
        return _limit("output")
    if code < 0 or "runtime: " in complaint or "fatal error: " in complaint:
        is_memory = "memory" in complaint or code == -9
        return _limit("memory" if is_memory else "end")
    lines = [line for line in complaint.strip().splitlines() if not line.startswith(("level=", "time=", "W"))]
    said = "\n".join(lines).removeprefix("Error: ").removesuffix(_ADVICE).strip()
    no_yaml = _NO_YAML.search(said)
    if no_yaml is not None:
        said = f"{no_yaml[1]}:1: it renders to what is no YAML: {said[no_yaml.end() :]}"
    is_template = "/templates/" in said
    return {"kind": "template" if is_template else "chart", "error": said or f"exit code {code}"}


_SIGXFSZ = 25
_ADVICE = "Use --debug flag to render out invalid YAML"


def _by_template(said: str) -> dict[str, str]:
    """What was rendered, by the name of the template."""
    made: dict[str, list[str]] = {}
    for name, text in _stretches(said):
        made.setdefault(name, []).append(text)
    return {name: "\n---\n".join(texts) for name, texts in made.items()}


def _stretches(said: str) -> Iterator[tuple[str, str]]:
    heads = list(_SOURCE.finditer(said))
    ends = [head.start() for head in heads[1:]]
    for head, end in zip(heads, [*ends, len(said)], strict=True):
        yield head[1].strip(), said[head.end() : end]


def _renderable(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files, without what the program refuses a chart for: dependencies that are not in it, and versions
    of Kubernetes."""
    there = {_name_in(content) for name, content in files.items() if _SUBCHART.fullmatch(name)}
    changed = {name: _without(files[name], there) for name in (_CHART, "requirements.yaml") if name in files}
    return {**files, **changed}


_SUBCHART = regex(r"charts/[^/]+/Chart\.yaml")


def _name_in(content: bytes) -> str:
    data = _data(content)
    return str(data.get("name")) if isinstance(data, dict) else ""


def _without(content: bytes, there: set[str]) -> bytes:
    data = _data(content)
    if not isinstance(data, dict):
        return content
    left = {key: value for key, value in data.items() if key != "kubeVersion"}
    wanted = data.get("dependencies")
    if isinstance(wanted, list):
        left["dependencies"] = [
            item for item in wanted if isinstance(item, dict) and str(item.get("name")) in there
        ]
    return content if left == data else json.dumps(left, default=str).encode()


def _data(content: bytes) -> Any:
    loaded = load_text(_CHART, content.decode("utf-8", "replace"), Kind.DATA)
    return loaded.documents[0].data if loaded.documents else None
