"""Looking for evidence in source takes time that grows with the text alone, and little of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from archlint.model.messaging.uses import topic_uses
from archlint.model.sources.literals import SourceCode
from archlint.model.sources.mentions import mentions
from archlint.model.sources.reading import MOST_KEPT, source_files
from archlint.model.system.parties import parties
from archlint.model.world import World
from tests.arch.worlds import world_of
from tests.safety.growth import MOST, growth, seconds

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


SENDER = """\
import org.springframework.kafka.core.KafkaTemplate;
class C%d {
  void go(String sent) { kafkaTemplate.send(sent, "x"); }
}
"""
SETTER = """\
import org.springframework.kafka.core.KafkaTemplate;
class C%d {
  C(String topic, String name) { this.topic = topic; this.name = topic; this.topic = name; }
  void go() { kafkaTemplate.send(this.topic, "x"); kafkaTemplate.send(settings.name, "x"); }
}
"""
CHAIN = "from kafka import KafkaProducer\n# %d\na = b\nb = c\nc = a\nKafkaProducer().send(a, 'x')\n"
SET_AT_LAST = {"web/D.java": 'class D { String topic = "a"; String name = "a"; }', "web/D.py": "c = 'a'\n"}


@pytest.mark.parametrize("last", [{}, SET_AT_LAST], ids=["unknown", "known"])
@pytest.mark.parametrize(
    ("name", "text", "sent"), [("java", SENDER, 0), ("java", SETTER, 2), ("py", CHAIN, 1)]
)
def test_names_are_followed_across_files_in_linear_time(
    tmp_path: Path, name: str, text: str, sent: int, last: dict[str, str]
) -> None:
    def measure(count: int) -> float:
        files = {f"web/C{number}.{name}": text % number for number in range(count)} | last
        world = world_of(
            tmp_path / str(count), {"compose.yaml": COMPOSE, "web/Dockerfile": "FROM a\n", **files}
        )
        world.fact(source_files)
        spent = seconds(lambda: world.fact(topic_uses), 1)
        assert len(world.fact(topic_uses)) == (sent * count if last else 0)
        return max(spent, 0.01)

    measure(10)
    assert growth(measure, [40, 320], 16) < 16


CODE = {
    "a.go": (
        "package web\n",
        'func f%d(a string) error {\n\t// it\'s told\n\tlog.Info("asked", "count", len(a))\n'
        '\treturn fmt.Errorf("%%s is wrong: %%w", a, err)\n}\n',
        'var a = get("http://cart:80/x")\n',
    ),
    "a.py": (
        "",
        'def f%d(a):\n    """Asks."""\n    log.info("asked", extra={"count": len(a)})  # it\'s told\n'
        "    raise ValueError('%%s is wrong' %% a)\n",
        "a = get('http://cart:80/x')\n",
    ),
    "a.ts": (
        "",
        "function f%d(a: string) {\n  // it's told\n  log.info('asked', { count: a.length });\n"
        "  if (/x+/.test(a)) throw new Error(`${a} is wrong`);\n}\n",
        "const a = get('http://cart:80/x');\n",
    ),
    "A.java": (
        "class A {\n",
        '  String f%d(String a) {\n    // it\'s told\n    log.info("asked {}", a);\n'
        '    return "a".equals(a) ? "x" : a;\n  }\n',
        '  String a = get("http://cart:80/x");\n',
    ),
}
"""Files by name: how they begin, what is in them many times, and one address."""


def world_of_source(folder: Path, name: str, size: int, count: int, where: float) -> World:
    """A service of some files, each of which names an address at a part of its length."""
    head, body, call = CODE[name]
    before = int(size * where)
    bodies = "".join(body % number for number in range(before))
    text = head + bodies + call + "".join(body % number for number in range(before, size))
    files = {f"web/{number}/{name}": text for number in range(count)}
    world = world_of(folder, {"compose.yaml": COMPOSE, "web/go.mod": "module web\n", **files})
    world.fact(parties)
    return world


@pytest.mark.parametrize("name", CODE)
@pytest.mark.parametrize("where", [0.0, 1.0])
def test_source_that_all_names_an_address_takes_time_as_it_is_long(
    tmp_path: Path, name: str, where: float
) -> None:
    def measure(size: int) -> float:
        worlds = (world_of_source(tmp_path / str(size), name, size, 4, where).anew() for _ in range(4))
        found = []

        def run() -> None:
            found.append(len(list(mentions(next(worlds)))))

        spent = seconds(run, 3)
        assert found == [4] * 3
        return max(spent, 0.005)

    measure(50)
    assert growth(measure, [500, 4_000]) < MOST


def test_what_follows_the_last_sign_is_not_taken_apart(tmp_path: Path) -> None:
    world = world_of_source(tmp_path, "a.go", 2_000, 1, 0.1)
    assert len(list(mentions(world))) == 1
    (file,) = world.fact(source_files).files
    code = SourceCode(file.text, file.language)
    code.read_to(20_000)
    assert 20_000 <= code.reached < 21_000 < len(code.text)
    assert code.plain == SourceCode(file.text, file.language).plain[: code.reached]


def test_names_that_are_set_behind_the_last_sign_are_found(tmp_path: Path) -> None:
    """What stands below is read where it may say what a name above stands for."""
    filler = "x = 1\n" * 2_000
    text = "def f():\n    return get('http://' + HOST + ':80')\n" + filler + "HOST = 'ca' 'rt'\n"
    world = world_of(tmp_path, {"compose.yaml": COMPOSE, "web/Dockerfile": "FROM a\n", "web/a.py": text})
    assert [item.address.host for item in mentions(world)] == ["cart"]


def test_code_is_kept_of_the_last_files_alone(tmp_path: Path) -> None:
    world = world_of_source(tmp_path, "a.go", 2_000, 40, 0.5)
    assert len(list(mentions(world))) == 40
    files = world.fact(source_files)
    assert sum(len(file.text) for file in files.files) > 3 * MOST_KEPT
    assert 0 < files.kept.size <= MOST_KEPT


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
