"""What is stated for a chart and is not there, leads away, or is wrong: told once, and the rest is judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.charts.statements import CHART_FILES, application, flux
from tests.charts.worlds import objects, rendered

SECRET = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: said, namespace: shop}\n"
CART = ("Deployment", "web-cart")


def _argo(helm: str) -> dict[str, str]:
    return CHART_FILES | {"apps/web.yaml": application(helm), "list.yaml": "- a\n", "broken.yaml": "a: [\n"}


@pytest.mark.parametrize(
    ("helm", "line", "why"),
    [
        ("      valueFiles: [none.yaml]\n", 11, "no file 'charts/cart/none.yaml'"),
        ("      valueFiles: [../../../etc/passwd]\n", 11, "leads out of the repository"),
        ("      valueFiles: [/list.yaml]\n", 11, "no map of values"),
        ("      valueFiles: [/broken.yaml]\n", 11, "can be read"),
        ("      valueFiles: [/link.yaml]\n", 11, "leads out of the repository"),
        ("      valueFiles: [/apps]\n", 11, "cannot be read"),
        ("      valuesObject: [1]\n", 11, "has to be a map"),
        ("      values: 'a: ['\n", 11, "no valid YAML"),
        ("      values: text\n", 11, "has to be a map"),
        ("      parameters: [{name: replicas.a.b, value: 'x'}]\n", 11, ""),
        ("      parameters: [{name: 'env[x]', value: 'x'}]\n", 11, "no index"),
        ("      parameters: [{name: 'env[99999999]', value: 'x'}]\n", 11, "no index"),
        ("      parameters: [{value: 'x'}]\n", 11, "empty"),
        ("      fileParameters: [{name: image.tag, path: none}]\n", 11, "no file"),
    ],
)
def test_a_fault_stands_where_it_is_stated(tmp_path: Path, helm: str, line: int, why: str) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "outside.yaml").write_text("replicas: 99\n", "utf-8")
    (tmp_path / "root" / "link.yaml").symlink_to("../outside.yaml")
    made = rendered(tmp_path / "root", _argo(helm))
    if why:
        (fault,) = made.faults
        assert (fault.place.source.path, fault.place.span().line) == ("apps/web.yaml", line)
        assert why in fault.message
    assert objects(made)[CART].data["spec"]["replicas"] == 1 or not why


@pytest.mark.parametrize(
    "helm",
    [
        "      valueFiles: {a: b}\n",
        "      valueFiles: [{a: b}, [c], null]\n      ignoreMissingValueFiles: true\n",
        "      parameters: {a: b}\n",
        "      parameters: [a, [b]]\n",
        "      values: {}\n",
        "      valuesObject: null\n",
        "      valueFiles: [none.yaml]\n      ignoreMissingValueFiles: true\n",
        "      apiVersions: x\n      kubeVersion: [1]\n",
    ],
)
def test_other_shapes_say_nothing(tmp_path: Path, helm: str) -> None:
    made = rendered(tmp_path, _argo(helm))
    assert list(objects(made)) == [CART] and not made.unread


@pytest.mark.parametrize(
    ("spec", "more", "why"),
    [
        (
            "  valuesFrom: [{kind: ConfigMap, name: other}]\n",
            "",
            "ConfigMap 'other' is not in this repository",
        ),
        (
            "  valuesFrom: [{kind: Secret, name: said}]\n",
            f"{SECRET}stringData: {{values.yaml: 'ENC[x]'}}\n",
            "Secret",
        ),
        (
            "  valuesFrom: [{kind: Secret, name: said}]\n",
            f"{SECRET}data: {{values.yaml: '%%'}}\n",
            "Secret 'said'",
        ),
        ("  postRenderers: [{kustomize: {patches: [{patch: 'a: ['}]}}]\n", "", "postRenderers"),
    ],
)
def test_what_is_not_here_is_told(tmp_path: Path, spec: str, more: str, why: str) -> None:
    said = f"{spec}  values: {{replicas: 5}}\n"
    made = rendered(tmp_path, CHART_FILES | {"flux/cart.yaml": flux(said) + more})
    (told,) = made.unread
    assert (told.path, told.reason) == ("flux/cart.yaml", "values-unknown") and why in told.detail
    assert objects(made)[CART].data["spec"]["replicas"] == 5
    assert made.incomplete and not made.faults


def test_an_optional_source_may_be_missing(tmp_path: Path) -> None:
    said = "  valuesFrom: [{kind: ConfigMap, name: other, optional: true}]\n"
    made = rendered(tmp_path, CHART_FILES | {"flux/cart.yaml": flux(said)})
    assert list(objects(made)) == [CART] and not made.unread


@pytest.mark.parametrize(
    ("key", "path", "coded", "expected"),
    [
        ("data", "replicas", "Nw==", 7),
        ("stringData", "replicas", "7", 7),
        ("stringData", "image.tag", "'7'", "example.org/cart:7"),
        ("stringData", "image.tag", '"true"', "example.org/cart:true"),
    ],
)
def test_single_values_of_a_secret(tmp_path: Path, key: str, path: str, coded: str, expected: object) -> None:
    entry = f"  valuesFrom: [{{kind: Secret, name: said, valuesKey: one, targetPath: {path}}}]\n"
    secret = f"{SECRET}{key}:\n  one: |-\n    {coded}\n"
    spec = objects(rendered(tmp_path, CHART_FILES | {"flux/cart.yaml": flux(entry) + secret}))[CART].data[
        "spec"
    ]
    assert expected in (spec["replicas"], spec["template"]["spec"]["containers"][0]["image"])


def test_values_files_of_flux_stand_for_the_charts_own(tmp_path: Path) -> None:
    whole = "replicas: 4\nnet: {host: false}\nimage: {name: x.org/c, tag: '3'}\nsecurity: {}\nenv: []\n"
    files = "      valuesFiles: [live/a.yaml, ./live/b.yaml]\n"
    made = rendered(
        tmp_path,
        CHART_FILES
        | {"flux/c.yaml": flux("", files=files), "live/a.yaml": whole, "live/b.yaml": "replicas: 6\n"},
    )
    spec = objects(made)[CART].data["spec"]
    assert spec["replicas"] == 6
    assert spec["template"]["spec"]["containers"][0]["securityContext"] == {}


def test_many_parameters_take_their_time_once(tmp_path: Path) -> None:
    entries = "".join(f"        - {{name: 'many.a{n}', value: x}}\n" for n in range(5000))
    made = rendered(tmp_path, _argo(f"      parameters:\n{entries}"))
    (told,) = made.unread
    assert "more than 2000" in told.detail and list(objects(made)) == [CART]


def test_equal_sets_are_rendered_once(tmp_path: Path) -> None:
    files = {f"apps/{n}.yaml": application("      valuesObject: {replicas: 2}\n") for n in range(3)}
    made = rendered(tmp_path, CHART_FILES | files)
    (document,) = made.documents
    assert set(files) <= set(document.through)


@pytest.mark.parametrize(
    ("helmfile", "reason"),
    [
        ("releases: [{name: web, chart: './charts/{{ .x }}'}]\n", "template"),
        ("releases: [{name: web, chart: ./charts/cart, values: ['{{ .x }}.yaml']}]\n", "values-unknown"),
        ("releases: [{name: web, chart: ./charts/cart, values: [a.yaml.gotmpl]}]\n", "values-unknown"),
        ("releases: [{name: web, chart: ./charts/cart, secrets: [a.yaml]}]\n", "values-unknown"),
        ("releases: [{name: web, chart: ./charts/cart, values: [none.yaml]}]\n", "values-unknown"),
        (
            "releases: [{name: web, chart: ./charts/cart}]\nhelmfiles: [helmfile.yaml, {path: x}]\n",
            "",
        ),
        ("releases: [{name: web, chart: other/cart}, x, {chart: [1]}]\n", ""),
        ("releases: [{name: web, chart: ./charts/cart, installed: false}]\n", ""),
        ("releases: {a: b}\n", ""),
        ("- a\n", ""),
    ],
)
def test_helmfiles(tmp_path: Path, helmfile: str, reason: str) -> None:
    made = rendered(tmp_path, CHART_FILES | {"helmfile.yaml": helmfile})
    assert [(item.path, item.reason) for item in made.unread] == (
        [("helmfile.yaml", reason)] if reason else []
    )
    assert len(made.documents) == 1 and not made.faults


def test_a_helmfile_that_is_a_template_is_told(tmp_path: Path) -> None:
    said = "releases:\n{{ range .x }}\n  - {name: web, chart: ./charts/cart}\n{{ end }}\n"
    (told,) = rendered(tmp_path, CHART_FILES | {"helmfile.yaml.gotmpl": said}).unread
    assert (told.path, told.reason) == ("helmfile.yaml.gotmpl", "template")
