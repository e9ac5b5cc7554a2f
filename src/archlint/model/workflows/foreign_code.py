"""What the script of a step runs of the folders into which code was checked out.

A build tool runs what its folder holds, an interpreter its first argument, a path itself. What is printed,
linted by a script of one's own or read as data is not run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from posixpath import join, normpath

from archlint.model.runbooks.shell import simple_commands

_LONGEST, _LONGEST_PATH = 50_000, 500
_BUILDS = frozenset(
    {
        *("make", "gmake", "mvn", "gradle", "ant", "sbt", "bazel", "just", "task", "mage", "invoke", "rake"),
        *("npm", "yarn", "pnpm", "bun", "npx", "nx", "turbo", "lerna", "tox", "nox", "pytest", "poetry"),
        *("uv", "pipenv", "bundle", "composer", "cargo", "dotnet", "pre-commit", "terraform", "tofu"),
    }
)
_FIRST = {
    "go": frozenset({"build", "test", "run", "generate", "install", "vet"}),
    "docker": frozenset({"build", "buildx", "compose"}),
    "docker-compose": frozenset({"build", "up", "run"}),
}
"""Programs of which some commands build from a folder."""
_INTERPRETERS = frozenset(
    {"bash", "sh", "zsh", "source", ".", "python", "python3", "node", "ruby", "perl", "php", "deno", "tsx"}
)
_INSTALLERS = frozenset({"pip", "pip3"})
_MODULES = {"pip": "pip", "pytest": "pytest", "tox": "tox", "nox": "nox", "build": "tox"}
"""Modules of Python that build, with the program that is like them."""
_HARMLESS = frozenset(
    {
        *("--version", "-v", "-V", "version", "config", "view", "info", "login", "logout", "whoami", "set"),
        *("cache", "fmt", "help", "--help", "search", "list", "ls", "audit", "tool", "nuget", "self"),
    }
)
_NOT_OF_THE_FOLDER = frozenset({"-g", "--global", "--location=global", "--ignore-scripts"})
_WRAPPERS = frozenset({"env", "timeout", "xvfb-run", "nohup", "command", "nice"})


def runs_of(script: str, folder: str, is_theirs: Callable[[str], bool]) -> bool:
    """Whether a script that begins in a folder runs what lies in folders of others."""
    here: str | None = folder
    for words in _commands(script[:_LONGEST]):
        if words[0] in ("cd", "pushd", "popd"):
            here = _moved(here, words)
        elif here is not None and any(map(is_theirs, _run(words, here))):
            return True
    return False


def _commands(script: str) -> Iterator[list[str]]:
    """The commands of a script without those that are text of it."""
    end = ""
    for line in script.replace("\\\n", " ").split("\n"):
        if end:
            end = "" if line.strip() == end else end
            continue
        for words in simple_commands(line):
            yield _unwrapped([word.text for word in words])
        if "<<" in line and "<<<" not in line:
            end = line.partition("<<")[2].lstrip("-").strip().partition(" ")[0].strip("'\"")


def _unwrapped(words: list[str]) -> list[str]:
    while len(words) > 1 and words[0] in _WRAPPERS:
        rest = words[1:]
        while len(rest) > 1 and (rest[0].startswith("-") or "=" in rest[0] or rest[0][0].isdigit()):
            rest = rest[1:]
        words = rest
    return words


def _moved(here: str | None, words: Sequence[str]) -> str | None:
    if here is None or words[0] == "popd" or len(words) != 2:
        return None
    return inside(here, words[1])


def inside(folder: str, path: str) -> str | None:
    """A path below the folder that all is checked out into; ``None`` if it is not known, or leads out."""
    for start in ("${{ github.workspace }}", "$GITHUB_WORKSPACE", "${GITHUB_WORKSPACE}"):
        if path.startswith(start):
            folder, path = "", path.removeprefix(start).lstrip("/") or "."
    if any(sign in path for sign in "$~*`") or path.startswith(("/", "-")):
        return None
    whole = normpath(join(folder, path[:_LONGEST_PATH]))
    return None if whole.startswith("..") or len(whole) >= _LONGEST_PATH else "" if whole == "." else whole


def _run(words: Sequence[str], here: str) -> Iterator[str]:
    """The paths of which a command runs something."""
    program, rest = words[0], list(words[1:])
    if program in ("python", "python3") and rest[:1] == ["-m"] and len(rest) > 1:
        program, rest = _MODULES.get(rest[1], ""), rest[2:]
    named = [path for word in rest if (path := inside(here, word.partition("=")[2] or word)) is not None]
    if "/" in program:
        found = inside(here, program)
        yield from () if found is None else (found,)
    elif program in _INTERPRETERS:
        scripts = [] if any(word in ("-c", "-e", "-") for word in rest) else rest
        first = next((word for word in scripts if not word.startswith("-")), None)
        found = None if first is None else inside(here, first)
        yield from () if found is None else (found,)
    elif program in _INSTALLERS:
        is_of_a_folder = any(word in ("-e", "-r", ".", "--requirement") or "/" in word for word in rest)
        yield from named if is_of_a_folder and rest[:1] == ["install"] else ()
    elif not (program in _BUILDS or (rest and rest[0] in _FIRST.get(program, ()))):
        return
    elif not (rest and rest[0] in _HARMLESS) and _NOT_OF_THE_FOLDER.isdisjoint(rest):
        yield here
        yield from named
