"""Topics that Terraform makes are read out of HCL as it is written, and never guessed."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.model.messaging.declared import declared_topics
from archlint.model.messaging.terraform import terraform_topics
from archlint.model.messaging.topics import Form
from tests.arch.worlds import world_of

TEXT = """# resource "kafka_topic" "off" { name = "off" }
/* resource "kafka_topic" "off2" { name = "off2" } */
variable "orders_topic" {
  default = "orders"
}
locals {
  refunds = "refunds"
}
resource "kafka_topic" "orders" {
  name               = var.orders_topic
  replication_factor = 3
  partitions         = 6 // enough
  config = {
    "min.insync.replicas" = "2"
    "retention.ms"        = 7 * 24
  }
  lifecycle { prevent_destroy = true }
}
resource kafka_topic refunds {
  name = local.refunds
}
resource "kafka_topic" "each" {
  for_each = toset(["a", "b"])
  name     = each.value
}
resource "kafka_topic" "made" {
  name = "made-${var.environment}"
}
resource "null_resource" "script" {
  provisioner "local-exec" {
    command = <<-EOT
      resource "kafka_topic" "in_text" { name = "in-text" }
    EOT
  }
}
resource "rabbitmq_queue" "mails" {
  name  = "mails"
  vhost = "/"
  settings {
    durable     = false
    auto_delete = false
  }
}
"""


def test_topics_are_those_whose_names_are_known(tmp_path: Path) -> None:
    world = world_of(tmp_path, {"infra/topics.tf": TEXT})
    assert [(item.protocol, item.form, item.name) for item in declared_topics(world)] == [
        ("kafka", Form.TOPIC, "orders"),
        ("kafka", Form.TOPIC, "refunds"),
        ("amqp", Form.QUEUE, "mails"),
    ]


def test_settings_have_their_places(tmp_path: Path) -> None:
    topic = terraform_topics(world_of(tmp_path, {"topics.tf": TEXT}))[0]
    said = {**topic.settings, **topic.config}
    assert {key: (item.value, item.place.span().line) for key, item in said.items()} == {
        "name": ("orders", 10),
        "replication_factor": ("3", 11),
        "partitions": ("6", 12),
        "min.insync.replicas": ("2", 14),
    }
    assert topic.place.span().column == 24


def test_a_variable_counts_in_its_own_folder_alone(tmp_path: Path) -> None:
    variable, topic = (
        'variable "t" {\n default = "a"\n}\n',
        'resource "kafka_topic" "t" {\n name = var.t\n}\n',
    )
    apart = world_of(tmp_path / "apart", {"a/v.tf": variable, "b/t.tf": topic})
    beside = world_of(tmp_path / "beside", {"a/v.tf": variable, "a/t.tf": topic})
    assert [len(terraform_topics(world)) for world in (apart, beside)] == [0, 1]


@given(st.text(alphabet='resourc "kfat_pi{}[]()=<-E,\n\\$#/*', max_size=60), st.integers(0, len(TEXT)))
def test_no_text_ends_the_run(noise: str, at: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        terraform_topics(world_of(Path(folder), {"topics.tf": TEXT[:at] + noise + TEXT[at:]}))


@pytest.mark.parametrize("part", ["{", "a {\n", "x = [", '"', "<<EOT\n", "/*", "a = {", 'x = "${'])
def test_reading_is_linear(tmp_path: Path, part: str) -> None:
    head = 'resource "kafka_topic" "t" {\n name = "t"\n}\n'
    world = world_of(tmp_path, {"topics.tf": head + part * (900_000 // len(part))})
    started = time.process_time()
    assert [topic.name for topic in terraform_topics(world)] == ["t"]
    assert time.process_time() - started < 20
