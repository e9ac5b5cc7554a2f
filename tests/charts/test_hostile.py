"""Charts that cannot be rendered or must not be: one finding or one line told each, the rest is judged."""

from __future__ import annotations

import io
import re
import tarfile
from pathlib import Path

import pytest

from archlint.adapters.helm import HelmLibrary
from archlint.documents.charts.rendering import ChartTerms
from archlint.model.kubernetes.building.renderings import renderings
from tests.charts.worlds import CHART, objects, rendered, world_of
from tests.support.charts import helm

GOOD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: good}\n"


def chart(**templates: str) -> dict[str, str]:
    """A chart whose other template is good."""
    named = {f"cart/templates/{name}.yaml": text for name, text in templates.items()}
    return {"cart/Chart.yaml": CHART, "cart/values.yaml": "a: 1\n", "cart/templates/good.yaml": GOOD, **named}


@pytest.mark.parametrize(
    ("template", "line", "reason"),
    [
        ("a: 1\nb: {{ .Values.a.b.c }}\n", 2, "b"),
        ('a: {{ include "nobody" . }}\n', 1, "nobody"),
        ("a: {{ toYaml }}\n", 1, "toYaml"),
        ("a: [\n", 1, "YAML"),
    ],
)
def test_a_template_that_fails(tmp_path: Path, template: str, line: int, reason: str) -> None:
    made = rendered(tmp_path, chart(bad=template))
    (fault,) = made.faults
    assert (fault.place.source.path, fault.place.span().line) == ("cart/templates/bad.yaml", line)
    assert reason in fault.message
    assert list(objects(made)) == [("ConfigMap", "good")]
    assert [item.path for item in made.unread] == ["cart/templates/bad.yaml"]


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ('a: {{ required "say who" .Values.who }}\n', "say who"),
        ("a: {{ .Values.who.name }}\n", "nil pointer"),
        ("a: {{ .Files.Get .Values.who }}\n", "got interface"),
    ],
)
def test_values_that_are_asked_for_are_no_fault(tmp_path: Path, template: str, why: str) -> None:
    made = rendered(tmp_path, chart(asks=template))
    assert not made.faults
    (told,) = made.unread
    assert told.path == "cart/templates/asks.yaml" and why in told.detail
    assert list(objects(made)) == [("ConfigMap", "good")]


@pytest.mark.parametrize("template", ['{{ required "say who" .Values.who }}', "{{ .Values.who.name }}"])
def test_values_that_somebody_names_have_to_suffice(tmp_path: Path, template: str) -> None:
    made = rendered(tmp_path, chart(asks=template) | {"cart/ci/some-values.yaml": "b: 1\n"})
    (fault,) = made.faults
    assert fault.chart == "cart with cart/ci/some-values.yaml"


def test_a_set_with_the_values_that_are_asked_for(tmp_path: Path) -> None:
    asks = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ required "say who" .Values.who }}}\n'
    made = rendered(tmp_path, chart(asks=asks) | {"cart/ci/some-values.yaml": "who: me\n"})
    assert not made.faults and not made.unread
    assert set(objects(made)) == {("ConfigMap", "good"), ("ConfigMap", "me")}


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{{ range until 2000000000 }}x{{ end }}", "memory|seconds"),  # whichever runs out first
        ("{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}", "seconds"),
        ('{{ range until 1000 }}{{ repeat 100000 "abcde" }}{{ end }}', "renders more than|memory|seconds"),
    ],
)
def test_a_template_without_end(
    tmp_path: Path, template: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    helm()
    monkeypatch.setattr("archlint.adapters.helm.SECONDS", 0)
    monkeypatch.setattr("archlint.adapters.helm.MEMORY", 300_000_000)
    files = chart(bad=template) | {
        "mail/Chart.yaml": CHART.replace("cart", "mail"),
        "mail/templates/good.yaml": GOOD.replace("good", "mail"),
    }
    world = world_of(tmp_path, files)
    library = HelmLibrary()
    world.charts = ChartTerms(library, "1.37")
    made = world.fact(renderings)
    library.close()
    (fault,) = made.faults
    assert fault.is_endless and fault.place.source.path == "cart/Chart.yaml" and fault.place.span().line == 2
    assert {item.path for item in made.unread} >= {"cart/templates/bad.yaml"}
    assert all(re.search(why, item.detail) for item in made.unread)
    assert list(objects(made)) == [("ConfigMap", "mail")]


@pytest.mark.parametrize(("version", "is_for_it"), [("1.31", True), ("1.37", False)])
def test_a_chart_for_other_versions_of_kubernetes(tmp_path: Path, version: str, is_for_it: bool) -> None:
    files = chart() | {"cart/Chart.yaml": f'{CHART}kubeVersion: ">=1.25.0-0 <1.32"\n'}
    made = rendered(tmp_path, files, version=version)
    assert bool(made.documents) is is_for_it
    told = {item.path for item in made.unread if "'kubernetes-version' is 1.37" in item.detail}
    assert told == (set() if is_for_it else {"cart/Chart.yaml", "cart/templates/good.yaml"})


def test_links_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("secret", "utf-8")
    root = tmp_path / "root"
    (root / "cart").mkdir(parents=True)
    (root / "cart" / "link").symlink_to(tmp_path / "outside")
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"
    text += 'data:\n  a: {{ .Files.Get "link" | quote }}\n  b: {{ .Files.Get "there" | quote }}\n'
    made = rendered(root, chart(read=text) | {"cart/there": "here"})
    assert objects(made)["ConfigMap", "x"].data["data"] == {"a": "", "b": "here"}


@pytest.mark.parametrize("scheme", ["http://127.0.0.1:9/x.json", "file:///etc/hostname"])
def test_schemas_of_values_are_never_handed_over(tmp_path: Path, scheme: str) -> None:
    schema = f'{{"$ref": "{scheme}"}}'
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, text in {"Chart.yaml": CHART.replace("cart", "db"), "values.schema.json": schema}.items():
            entry = tarfile.TarInfo(f"db/{name}")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))
    (tmp_path / "cart" / "charts").mkdir(parents=True)
    (tmp_path / "cart" / "charts" / "db-1.0.0.tgz").write_bytes(packed.getvalue())
    files = chart() | {
        "cart/values.schema.json": schema,
        "cart/charts/mail/Chart.yaml": CHART.replace("cart", "mail"),
        "cart/charts/mail/values.schema.json": schema,
    }
    made = rendered(tmp_path, files)
    assert list(objects(made)) == [("ConfigMap", "good")]
    assert not made.faults and not made.unread
