"""Looking for evidence in source takes time that grows with the text alone, and little of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from archlint.model.sources.mentions import mentions
from archlint.model.system.parties import parties
from tests.arch.worlds import world_of
from tests.safety.growth import growth, seconds

COMPOSE = "services: {cart: {image: cart}}\n"

HOSTILE: dict[str, Callable[[int], str]] = {
    "a sum of many": lambda n: "x = " + "'http://cart:80' + " * n + "y\n",
    "a list of many": lambda n: "x = [" + "'cart:80', " * n + "]\n",
    "names in names": lambda n: "".join(f"a{i} = a{i + 1} + a{i + 2} + 'cart:80'\n" for i in range(n)),
    "a name of itself": lambda n: "a = a + a + 'cart:80'\n" * n,
    "a text of itself": lambda n: "a = f'http://{a}{a}{a}/cart'\n" * n,
    "brackets": lambda n: "x = " + "(" * n + "'http://cart'" + ")" * n,
    "calls": lambda n: "x = " + "str(" * n + "'http://cart'" + ")" * n,
    "choices": lambda n: "x = " + "a if b else " * n + "'http://cart'\n",
    "holes": lambda n: "x = f'http://cart" + "{a}" * n + "'\n",
    "formats": lambda n: "x = 'http://cart" + "%s" * n + "' % (" + "a," * n + ")\n",
    "reads": lambda n: "x = os.getenv('A_HOST', " * n + "'cart'" + ")" * n,
    "all at once": lambda n: (
        "".join(f"a{i} = (((f'{{a{i + 1}}}' or str((a{i + 1})))))\n" for i in range(n))
        + "b = a0 if (((((a1 + 'http://cart'))))) else !!!!!!a3"
    ),
    "signs": lambda n: "x = " + "!" * n + "'http://cart'",
    "dots": lambda n: "x = a" + ".a" * n + "('http://cart')\n",
    "blanks": lambda n: "x = " + " " * n + "'http://cart'\n" + "\n" * n + "y = 'cart:80'",
}


def hostile(what: str, size: int) -> str:
    """A text that is read in full: it reads the environment, and its lines are no packed program's."""
    text = HOSTILE[what](size)
    return f"a = os.getenv('A')\n{text}" + "\n" * (len(text) // 100)


@pytest.mark.parametrize("what", HOSTILE)
def test_source_is_followed_in_linear_time(tmp_path: Path, what: str) -> None:
    def measure(size: int) -> float:
        files = {"compose.yaml": COMPOSE, "web/Dockerfile": "FROM a\n", "web/a.py": hostile(what, size)}
        world = world_of(tmp_path, files)
        world.fact(parties)
        return max(seconds(lambda: list(mentions(world)), 1), 0.04)

    measure(10)
    assert growth(measure, [500, 5_000], 25) < 25


def test_a_megabyte_of_source_takes_a_tenth_of_a_second(tmp_path: Path) -> None:
    """100 MB take 10 CPU seconds at most; one file in eight holds something, as in public repositories."""
    plain = 'func f(a string) string {\n\treturn fmt.Sprintf("%s is wrong", a) // it is\n}\n' * 300
    calls = 'func g() string {\n\treturn get("http://cart:80/x", os.Getenv("PORT"))\n}\n' * 20
    files = {f"web/{i}/a.go": plain + (calls if i % 8 == 0 else "") for i in range(160)}
    world = world_of(tmp_path, {"compose.yaml": COMPOSE, "web/go.mod": "module web\n", **files})
    world.fact(parties)
    start = time.process_time()
    assert len(list(mentions(world))) == 400
    size = sum(map(len, files.values())) / 1e6
    assert time.process_time() - start < 0.1 * size * 2, "a busy machine is given twice the time"
