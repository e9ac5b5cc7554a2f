"""Proto files that break every lint rule of buf, and others that break none, in each syntax and edition."""

from __future__ import annotations

from itertools import chain

HEADS = {
    "proto2": ('syntax = "proto2";', "optional "),
    "proto3": ('syntax = "proto3";', ""),
    "edition2023": ('edition = "2023";', ""),
    "edition2024": ('edition = "2024";', ""),
}
REQUIRED = {
    "proto2": "required string must = 30;",
    "edition2023": "string must = 30 [features.field_presence = LEGACY_REQUIRED];",
    "edition2024": "string must = 30 [features.field_presence = LEGACY_REQUIRED];",
}
CLOSED = {
    "proto2": "",
    "edition2023": "option features.enum_type = CLOSED;",
    "edition2024": "option features.enum_type = CLOSED;",
}

GOOD = """\
// A cart.
{head}

package shop.{name}.v1;

import "google/protobuf/timestamp.proto";

option go_package = "example.com/shop/{name}";

// A cart.
message Cart {{
  // What it is found by.
  {optional}string id = 1;
  // When.
  {optional}google.protobuf.Timestamp made_at = 2;
  /* Who pays. */
  oneof paid_by {{
    // With a card.
    string card_number2 = 3;
  }}
  // How it is.
  enum State {{
    // Nobody knows.
    STATE_UNSPECIFIED = 0;
    // Open.
    STATE_OPEN = 1;
  }}
}}

// Carts.
service CartService {{
  // One cart.
  rpc GetCart(GetCartRequest) returns (GetCartResponse);
  // Carts.
  rpc ListCarts(ListCartsRequest) returns (CartServiceListCartsResponse);
}}

// The request.
message GetCartRequest {{}}
// The response.
message GetCartResponse {{}}
// The request.
message ListCartsRequest {{}}
// The response.
message CartServiceListCartsResponse {{}}
"""

BAD = """\
{head} package shop.{name}.odd;
import public "shop/{name}/v1/cart.proto";
import
  "google/protobuf/empty.proto";
{legacy}
option csharp_namespace =
  "Shop.Bad";

message bad_message {{
  {optional}
    string BadField = 1;
  {optional}string double__line = 2; // behind it
  // apart

  {optional}string end_ = 3;
  //
  map<string, string> M = 4;
  oneof
    badOneof {{
      string in_it = 5;
  }}
  {required}
  {extensions}
  // buf:lint:ignore ENUM_VALUE_PREFIX
  enum bad_enum {{
    option allow_alias = true;
    second = 0;
    BAD_ENUM_SECOND = 0;
    OTHER = 2;
    // buf:lint:ignore ENUM_VALUE_UPPER_SNAKE_CASE
    third = 3;
  }}
  message HTTPRoute2Kind {{ enum HTTPRoute2Kind {{ H_UNSPECIFIED = 0; HTTP_ROUTE2_KIND_X = 1; }} }}
}}
{extend}
enum
  Late {{
  {closed}
  LATE_ONE =
    {late};
  LATE_UNSPECIFIED = 0;
}}
// buf:lint:ignore RPC_PASCAL_CASE why not
service
  bad_service {{
  rpc
    do_it(stream bad_message) returns (stream
      bad_message);
  rpc Take(TakeRequest) returns (TakeResponse);
  rpc Give(TakeRequest) returns (bad_serviceGiveResponse) {{
    option deprecated = true;
  }}
  rpc sing_song(SingSongRequest) returns (shop.{name}.v1.GetCartResponse);
}}
message TakeRequest {{}} message TakeResponse {{}} message SingSongRequest {{}}
message bad_serviceGiveResponse {{}}
service Lonely {{ rpc lower(lowerRequest) returns (LowerResponse); }}
message lowerRequest {{}} message LowerResponse {{}}
"""

_ANY = 'import "google/protobuf/any.proto";'
_PLAIN = {
    "shop/none/some.proto": ("shop.none.v1", ""),
    "shop/Other/other.proto": ("shop.Other.v1beta1", 'import weak "shop/ring/a/v1/a.proto";'),
    "shop/one/v1/one.proto": ("shop.one.v1", 'import "shop/Other/other.proto";'),
    "shop/two/v1/one.proto": ("shop.one.v1", 'option ruby_package = "One";'),
    "shop/ring/a/v1/a.proto": ("shop.ring.a.v1", 'import "shop/ring/b/v1/b.proto";'),
    "shop/ring/b/v1/b.proto": ("shop.ring.b.v1", 'import "shop/ring/c/v1/c.proto";'),
    "shop/ring/c/v1/c.proto": ("shop.ring.c.v1", 'import "shop/ring/a/v1/more.proto";'),
    "shop/ring/a/v1/more.proto": ("shop.ring.a.v1", 'option swift_prefix = "A";'),
    "shop/ring/a/v1/aside.proto": (
        "shop.ring.a.v1",
        f"// buf:lint:ignore IMPORT_USED\n{_ANY}\n"
        'option php_namespace = "P";\noption java_package = "j";\noption java_multiple_files = false;\n'
        'option ruby_package = "";',
    ),
    "shop/ring/a/v1/net.proto": ("shop.ring.a.v1", 'option csharp_namespace =\n  "N";'),
    "shop/versions/v1test/a.proto": ("shop.versions.v1test_more", ""),
    "shop/versions/v0/a.proto": ("shop.versions.v0", ""),
    "shop/versions/v1p1alpha/a.proto": ("shop.versions.v1p1alpha", ""),
    "shop/versions/v1p1/a.proto": ("shop.versions.v1p1", ""),
    "shop/passed/v1/all.proto": ("shop.passed.v1", 'import public "shop/passed/v1/part.proto";'),
    "shop/passed/v1/part.proto": ("shop.passed.v1", "message Part {}"),
    "shop/passed/v1/idle.proto": ("shop.passed.v1", 'import "shop/passed/v1/all.proto";'),
    "shop/passed/v1/user.proto": (
        "shop.passed.v1",
        'import "shop/passed/v1/all.proto";\nmessage User { Part part = 1; }',
    ),
    **{
        f"shop/versions/{name}/a.proto": (f"shop.versions.{name}", f"message {name.capitalize()} {{}}")
        for name in ("v01", f"v{2**31 - 1}", f"v{2**31}", "v1beta0", "v1beta99999999999", "v1p01alpha02")
    },
    "shop/versions/v1/stable.proto": (
        "shop.versions.v1",
        'import "shop/versions/v1beta0/a.proto";\nimport "shop/versions/v1p01alpha02/a.proto";\n'
        "message Stable { v1beta0.V1beta0 a = 1; v1p01alpha02.V1p01alpha02 b = 2; }",
    ),
    "v1/a.proto": ("v1", ""),
}
OTHERS = {
    "shop/none/none.proto": "option go_package = 'x';\nmessage Alone {}\n",
    "shop/none/half-empty.v1.proto": "\n// nothing in it\n",
    **{path: f'syntax = "proto3";\npackage {package};\n{rest}\n' for path, (package, rest) in _PLAIN.items()},
}


def lint_fixtures() -> dict[str, str]:
    """All files by path."""
    return dict(chain(*map(_pair, HEADS), OTHERS.items()))


def _pair(name: str) -> list[tuple[str, str]]:
    head, optional = HEADS[name]
    extends = name != "proto3"
    closed = CLOSED.get(name)
    terms = {
        "name": name,
        "head": head,
        "legacy": "option features.enforce_naming_style = STYLE_LEGACY;"
        if name == "edition2024"
        else "option java_multiple_files = true;",
        "optional": optional,
        "required": REQUIRED.get(name, ""),
        "extensions": "extensions 100 to 200;" if extends else "",
        "extend": f"extend bad_message {{ {optional}string Extra = 100; }}" if extends else "",
        "closed": closed or "",
        "late": "0" if closed is None else "1",
    }
    good, bad = GOOD.format(**terms), BAD.format(**terms)
    if closed is None:
        bad = bad.replace("  LATE_UNSPECIFIED = 0;\n", "")
    return [(f"shop/{name}/v1/cart.proto", good), (f"shop/{name}/v1/bad.proto", bad)]
