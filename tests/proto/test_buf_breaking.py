"""buf as the judge of what options, features and defaults break: the same rules at the same lines."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.proto.support import lay_out
from tests.proto.test_buf_lint import BUF, in_terms_of_buf, told_by_buf
from tests.support.inside import archlint

pytestmark = pytest.mark.skipif(not BUF.exists(), reason="needs buf-bin")

OLD = {
    "shop/two.proto": """\
syntax = "proto2";
package shop;
option java_package = "shop.old";
option go_package = "example.com/shop";
option optimize_for = SPEED;
option java_string_check_utf8 = true;
message Cart {
  optional string currency = 1 [default = "EUR"];
  optional int32 limit = 2 [default = 5];
  optional State state = 3;
  optional int64 id = 4 [jstype = JS_STRING];
  optional string note = 5 [ctype = CORD];
  oneof gone { string left = 6; string right = 7; }
  optional State last = 8 [default = OPEN];
  optional double rate = 9 [default = 1.5];
  optional bool kept = 10 [default = false];
  message Set { option message_set_wire_format = false; }
}
enum State { NONE = 0; OPEN = 1; SHUT = 2; }
service Carts {
  rpc Get(Cart) returns (Cart);
  rpc Put(Cart) returns (Cart) { option idempotency_level = NO_SIDE_EFFECTS; }
}
message Plain {
  extensions 100 to 199;
  extensions 300;
  extend Plain { optional string inner = 101; }
}
extend Plain { optional int32 outer = 103 [default = 3]; optional int32 retyped = 104; }
""",
    "shop/edition.proto": """\
edition = "2023";
package shop.e;
enum Open { A = 0; }
enum Written { option features.json_format = ALLOW; B = 0; }
message Cart {
  string name = 1;
  bytes data = 2;
  message Line { option features.json_format = ALLOW; int32 count = 1; }
}
""",
    "shop/moved.proto": """\
syntax = "proto2";
package shop.m;
enum State { NONE = 0; }
message Cart { optional string name = 1; map<string, string> labels = 2; }
""",
}
NEW = {
    "shop/two.proto": """\
syntax = "proto2";
package shop;
option java_package = "shop.new";
option optimize_for = CODE_SIZE;
option csharp_namespace = "Shop";
message Cart {
  optional string currency = 1 [default = "USD"];
  optional int32 limit = 2;
  optional State state = 3 [default = SHUT];
  optional int64 id = 4;
  optional string note = 5;
  optional State last = 8 [default = SHUT];
  oneof other { string left = 6; string right = 7; }
  optional double rate = 9 [default = 15e-1];
  optional bool kept = 10;
  message Set { option no_standard_descriptor_accessor = true; }
}
enum State { NONE = 0; OPEN = 1; SHUT = 2; }
service Carts {
  rpc Get(Cart) returns (Cart) { option idempotency_level = IDEMPOTENT; }
  rpc Put(Cart) returns (Cart) { option idempotency_level = NO_SIDE_EFFECTS; }
}
message Plain {
  option no_standard_descriptor_accessor = true;
  extensions 100 to 149;
  extend Plain { optional int32 inner = 101; }
}
extend Plain { optional int32 outer = 103 [default = 4]; optional int64 retyped = 104; }
""",
    "shop/edition.proto": """\
edition = "2023";
package shop.e;
enum Open {
  option features.enum_type = CLOSED; A = 0; }
enum Written { option features.json_format = LEGACY_BEST_EFFORT; B = 0; }
message Cart {
  string name = 1 [features.utf8_validation = NONE];
  bytes data = 2;
  message Line {
    option features.json_format = LEGACY_BEST_EFFORT;
    int32 count = 1 [default = 3];
  }
}
""",
    "shop/moved.proto": """\
syntax = "proto3";
package shop.m;
enum State { NONE = 0; }
message Cart { optional string name = 1; map<string, string> labels = 2; }
""",
}
JUDGED = {
    *("EXTENSION_MESSAGE_NO_DELETE", "FIELD_SAME_TYPE", "FIELD_WIRE_JSON_COMPATIBLE_TYPE"),
    *("ENUM_SAME_JSON_FORMAT", "ENUM_SAME_TYPE", "FIELD_SAME_CPP_STRING_TYPE", "FIELD_SAME_DEFAULT"),
    *("FIELD_SAME_JAVA_UTF8_VALIDATION", "FIELD_SAME_JSTYPE", "FIELD_SAME_UTF8_VALIDATION"),
    *("FILE_SAME_CSHARP_NAMESPACE", "FILE_SAME_GO_PACKAGE", "FILE_SAME_JAVA_PACKAGE"),
    *("FILE_SAME_OPTIMIZE_FOR", "FILE_SAME_SYNTAX", "MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR"),
    *("MESSAGE_SAME_JSON_FORMAT", "ONEOF_NO_DELETE", "RPC_SAME_IDEMPOTENCY_LEVEL"),
}


def test_settings_are_compared_as_buf_does(tmp_path: Path) -> None:
    lay_out(tmp_path / "old", OLD)
    lay_out(tmp_path / "new", NEW)
    done = archlint("breaking", "old", "new", "--format", "json", cwd=tmp_path)
    told = in_terms_of_buf(done)
    found = {(rule, path.removeprefix("new/"), line) for rule, path, line in told if rule in JUDGED}
    settings = yaml.safe_dump({"version": "v2", "breaking": {"use": sorted(JUDGED)}})
    assert found == told_by_buf(tmp_path / "new", "breaking", "--against", "../old", "--config", settings)
    assert {rule for rule, _, _ in found} == JUDGED
