"""What a change does to the system."""

from __future__ import annotations

from pathlib import Path

from tests.arch.worlds import deployment, service, world_of
from tests.diagrams.drawn import arrows, only
from tests.support.inside import archlint
from tests.support.process import commit_all, git


def committed(folder: Path) -> None:
    """All files of a folder as the first commit."""
    git(folder, "init", "-q", "-b", "main")
    commit_all(folder)


def repository(folder: Path) -> Path:
    """A repository with a change in its working tree: another peer, a service more, one less."""
    before = {
        "web.yaml": [deployment("web", "shop", CART_URL="http://cart:80", PAY_URL="http://pay:80")],
        "cart.yaml": [deployment("cart", "shop"), service("cart", 80, "shop")],
        "pay.yaml": [deployment("pay", "shop"), service("pay", 80, "shop")],
        "old.yaml": [deployment("old", "shop")],
    }
    world_of(folder, before)
    committed(folder)
    (folder / "old.yaml").unlink()
    world_of(
        folder,
        {
            "web.yaml": [deployment("web", "shop", PAY_URL="http://pay:8080", STOCK_ADDR="stock:9090")],
            "stock.yaml": [deployment("stock", "shop"), service("stock", 9090, "shop")],
        },
    )
    return folder


def test_text(tmp_path: Path) -> None:
    done = archlint("graph", "--base", "HEAD", cwd=repository(tmp_path / "repo"))
    assert done.code == 0
    lines = done.out.splitlines()
    assert [line.split(": ")[0] for line in lines[:-2]] == [
        "- service shop/old",
        "+ service shop/stock",
        "- shop/web -> shop/cart (sync, http)",
        "~ shop/web -> shop/pay (sync, http)",
        "+ shop/web -> shop/stock (sync, tcp)",
    ]
    assert "was PAY_URL=http://pay:80 -> PAY_URL=http://pay:8080" in lines[3]
    assert lines[-1] == (
        "1 node added, 1 node removed, 1 connection added, 1 connection removed, 1 connection changed."
    )


def test_json_and_mermaid(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo")
    report = archlint("graph", "--base", "HEAD", "--format", "json", cwd=repo).report
    assert len(report["base"]) == 40
    assert {item["name"]: item.get("change") for item in report["nodes"]} == {
        "cart": None,
        "old": "removed",
        "pay": None,
        "stock": "added",
        "web": None,
    }
    assert {item["to"].split("/")[1]: item["change"] for item in report["edges"]} == {
        "cart": "removed",
        "pay": "changed",
        "stock": "added",
    }
    drawn = archlint("graph", "--base", "HEAD", "--format", "mermaid", cwd=repo).out
    assert (
        '  service_shop_old["old (removed)"]:::removed\n' in drawn and "  linkStyle 2 stroke:#1a7f37" in drawn
    )
    assert len(arrows(only("a.mmd", drawn))) == 3


def test_nothing_changes(tmp_path: Path) -> None:
    repo = tmp_path / "repo"
    world_of(repo, {"web.yaml": [deployment("web", "shop")]})
    committed(repo)
    (repo / "web.yaml").write_text("\n\n" + (repo / "web.yaml").read_text("utf-8"), "utf-8")
    done = archlint("graph", "--base", "HEAD", cwd=repo)
    assert done.out == "The change adds, removes and changes no service and no connection.\n"


def test_wrong_usage(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo")
    assert archlint("graph", "--base", "nowhere", cwd=repo).code == 2
    assert archlint("graph", "--base", "HEAD", "--format", "html", cwd=repo.parent).code == 2
    assert archlint("graph", "--format", "text", cwd=repo).code == 2
    assert archlint("graph", "--base", "HEAD", "--check", "web.yaml", cwd=repo).code == 2
