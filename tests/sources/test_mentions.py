"""What source code says it connects to, in each of the languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from archlint.finding import Confidence
from archlint.model.sources.mentions import mentions
from archlint.model.sources.used import variables_read
from archlint.model.system.evidence import Mention
from tests.arch.worlds import deployment, world_of

KNOWN = "services:\n" + "".join(
    f"  {name}: {{image: {name}}}\n" for name in ("cart", "redis", "mysql", "rabbitmq")
)


def found(folder: Path, name: str, text: str) -> list[Mention]:
    """What a file of a service says, in a repository that knows some hosts."""
    files = {"compose.yaml": KNOWN, "web/Dockerfile": "FROM scratch\n", f"web/{name}": text}
    return list(mentions(world_of(folder, files)))


def told(folder: Path, name: str, text: str) -> list[str]:
    """Each address, with the variable that may say otherwise; the place of each is that of its host."""
    lines = text.split("\n")
    shown = []
    for item in found(folder, name, text):
        span = item.place.span()
        where = lines[span.line - 1][span.column - 1 : span.end_column - 1]
        assert where.lower() == item.address.host, item
        address = item.address
        sure = f"{item.variable}: " if item.confidence is Confidence.HIGH else ""
        scheme = f"{address.scheme}://" if address.scheme else ""
        shown.append(f"{sure}{scheme}{address.authority}{'/' if address.database else ''}{address.database}")
    return shown


CASES = yaml.safe_load((Path(__file__).parent / "mentions.yaml").read_text())


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{kind}: {case['text']}") for kind in CASES for case in CASES[kind]]
)
def test_what_a_file_says(tmp_path: Path, case: dict[str, Any]) -> None:
    assert told(tmp_path, case["file"], case["text"]) == case["says"]


def test_what_is_for_others_is_no_call(tmp_path: Path) -> None:
    (item,) = found(tmp_path, "a.js", "const o = process.env.ALLOWED_ORIGIN || 'http://cart';")
    assert not item.is_call


def test_variables_that_source_names_are_told_by_folder(tmp_path: Path) -> None:
    files = {
        "compose.yaml": KNOWN,
        "web/Dockerfile": "FROM scratch\n",
        "web/src/a.js": "const p = process.env.PORT; const u = process.env['CART_URL']; // X_URL",
        "api/go.mod": "module api\n",
        "api/a.go": 'func f() { mustMapEnv(&x, "CART_ADDR") }\ntype C struct { A string `env:"B_ADDR"` }\n',
        "api/A.java": '@Value("${cart.url}") String u; int n = System.getenv("REDIS_PORT");',
        "docs/a.js": "process.env.NO",
    }
    read = world_of(tmp_path, files).fact(variables_read).is_read
    named = {"api": {"CART_ADDR", "B_ADDR", "cart.url", "REDIS_PORT"}, "web": {"PORT", "CART_URL"}}
    for folder in ("api", "web", "docs"):
        for name in {"NO", *named["api"], *named["web"]}:
            assert read(folder, name) is (name in named.get(folder, ())), (folder, name)


def test_a_client_is_a_call_whatever_its_key_is_named(tmp_path: Path) -> None:
    (item,) = found(tmp_path, "A.java", '@FeignClient(name = "cart")\ninterface A {}')
    assert item.is_call


def test_a_default_that_no_deployment_uses_tells_little(tmp_path: Path) -> None:
    """Where compose and the cluster set the variable, what source has for it is never in force."""
    files: dict[str, Any] = {
        "compose.yaml": KNOWN + "  web: {build: web, environment: {CART_HOST: redis}}\n",
        "web/Dockerfile": "FROM scratch\nENV MYSQL_HOST=mysql\n",
        "web/a.py": 'a = os.getenv("CART_HOST", "cart")\nb = os.getenv("REDIS_HOST", "redis")\n',
    }

    def sure() -> dict[str, Confidence]:
        return {item.variable: item.confidence for item in mentions(world_of(tmp_path, files))}

    high, low = Confidence.HIGH, Confidence.LOW
    assert sure() == {"CART_HOST": low, "REDIS_HOST": high, "MYSQL_HOST": high}
    files["deploy.yaml"] = [deployment("web", MYSQL_HOST="db")]
    assert sure() == {"CART_HOST": high, "REDIS_HOST": high, "MYSQL_HOST": high}
    files["deploy.yaml"] = [deployment("web", CART_HOST="x")]
    assert sure()["CART_HOST"] is low


def test_one_folder_with_an_image_for_each_service(tmp_path: Path) -> None:
    files = {
        "compose.yaml": KNOWN
        + "  a: {build: {context: ., dockerfile: Dockerfile.a}}\n"
        + "  b: {build: {context: ., dockerfile: Dockerfile.b}}\n",
        "Dockerfile.a": "FROM scratch\nENV CART_HOST=cart\n",
        "Dockerfile.b": "FROM scratch\nENV REDIS_HOST=redis\n",
    }
    told = {(item.unit.name, item.address.host) for item in mentions(world_of(tmp_path, files))}
    assert told == {("a", "cart"), ("b", "redis")}
