"""Pairs of revisions with other options, defaults and features: how they were, how they are.

Statements are broken over lines where the line shows what is marked.
"""

OLD = {
    "files/files.proto": """\
syntax = "proto3";
package files;
option cc_enable_arenas = true;
option php_namespace = "Shop";
""",
    "cpp/cpp.proto": """\
edition = "2023";
package cpp;
import "google/protobuf/cpp_features.proto";import "google/protobuf/java_features.proto";
message A{ string a=1; string b=2 [features.(pb.cpp).string_type=VIEW]; string c=3 [ctype=CORD];
string d=4 [features.(pb.cpp).string_type=CORD]; bytes e=5; string f=6; repeated string g=7; }
""",
    "defs/defs.proto": """\
syntax = "proto2";
package defs;
enum E{A=0;B=1;} enum Z{ZA=1;ZB=0;} message T{ optional int32 a=1[default=1]; optional int32 b=2;
optional string c=3[default="x"]; optional E e=4[default=B]; optional E f=5; optional Z z=6;
optional float g=7 [default=nan]; optional float h=8 [default=1.0]; optional bytes i=9
[default="\\001"]; optional bool j=10; optional int32 k=11; optional int32 l=12 [default=3]; optional
string m=13 [default=""]; optional int32 n=14 [default=0]; repeated int32 o=15; optional int32 p=16
[default=5]; optional double q=17[default=-0.0]; optional int32 r=18 [default=7]; optional int32
s=19 [default=7]; optional Z t=20; }
""",
    "e24/e24.proto": """\
edition = "2023";
package e24;
message A{ string a=1; string b=2; map<string,bytes> c=3; }
""",
    "feat/feat.proto": """\
edition = "2023";
package feat;
message A{ string s=1; string t=2; repeated string u=3; map<string,string> m=4; string v=5; M w=6;
repeated M x=7; int32 y=8; int32 z=9 [features.field_presence=LEGACY_REQUIRED]; repeated int32 p=10;
string q=11 [ctype=CORD]; } message M{} enum E{option features.enum_type=CLOSED; Z=0;} enum F{Y=0;}
enum H{option features.json_format=LEGACY_BEST_EFFORT; X=0;}
""",
    "feat2/feat2.proto": """\
edition = "2023";
package feat2;
message A{ string s=1; message B{ string s=1; enum E{Z=0;} } } enum E{Z=0;}
""",
    "jutf/jutf.proto": """\
syntax = "proto2";
package jutf;
option java_string_check_utf8=true; message A{ optional string a=1; repeated string b=2; optional
bytes c=3; map<string,string> m=4; }
""",
    "jutf2/jutf2.proto": """\
syntax = "proto2";
package jutf2;
message A{ optional string a=1; repeated string b=2; optional int32 c=3; }
""",
    "opts/opts.proto": """\
syntax = "proto2";
package opts;
option java_package="a"; option go_package="g"; option optimize_for=SPEED; option
cc_enable_arenas=true; option java_multiple_files=false; option php_metadata_namespace=""; option
cc_generic_services=false;
message A{extensions 1 to max;} message B{ option no_standard_descriptor_accessor=false; optional
int64 a=1 [jstype=JS_STRING]; optional int64 b=2; optional int32 c=3; optional string s=4
[ctype=CORD]; optional string t=5; optional string u=6[ctype=STRING]; optional bytes
v=7[ctype=CORD]; optional string w=8[ctype=STRING_PIECE]; optional fixed64 x=9; repeated string
y=10[ctype=CORD]; optional int64 z=11 [jstype=JS_STRING]; optional int32 aa=12; optional string
bb=13 [ctype=CORD]; }
""",
    "syn/syn.proto": """\
syntax = "proto2"; package syn; message A{ optional string a=1; optional int32 b=2; repeated int32
c=3; oneof o { int32 d=4; } required int32 f=5;} enum E{Z=0;}
""",
    "syn2/syn2.proto": """\
package syn2; message A{}
""",
    "syn3/syn3.proto": """\
syntax="proto3"; package syn3; message A{ string s=1; optional string t=2; map<string,string> m=3;
repeated string r=4; string u=5; A v=6; optional A w=7;} enum E{Z=0;}
""",
}
NEW = {
    "files/files.proto": """\
syntax = "proto3";
package files;
option cc_enable_arenas = false;
option java_outer_classname =
  "Shop";
option objc_class_prefix =
  "Shop";
option php_class_prefix =
  "Shop";
option php_metadata_namespace =
  "Shop";
option ruby_package =
  "Shop";
option swift_prefix =
  "Shop";
option csharp_namespace =
  "Shop";
option cc_generic_services = true;
option java_generic_services = true;
option py_generic_services = true;
option java_multiple_files = true;
""",
    "cpp/cpp.proto": """\
edition = "2023";
package cpp;
import "google/protobuf/cpp_features.proto";import "google/protobuf/java_features.proto";
message A{
 string a=1 [features.(pb.cpp).string_type=
VIEW];
 string b=2;
 string c=3 [features.(pb.cpp).string_type=CORD];
 string d=4 [ctype=CORD];
 bytes e=5 [features.(pb.cpp).string_type=CORD];
 string f=6 [features.(pb.java).utf8_validation=
VERIFY];
 repeated string g=7 [features.(pb.java).utf8_validation=DEFAULT];
}
""",
    "defs/defs.proto": """\
syntax = "proto2";
package defs;
enum E{B=1;A=0;} enum Z{ZB=0;ZA=1;} message T{ optional int32 a=1[
default
=2];
 optional int32 b=2 [default=
4];
 optional string c=3;
 optional E e=4[default=
A];
 optional E f=5;
 optional Z z=6;
 optional float g=7 [default=nan];
 optional float h=8 [default=1];
 optional bytes i=9 [default="\\x01"];
 optional bool j=10 [default=false];
 optional int32 k=11 [default=0];
 optional int64 l=12 [default=4];
 optional string m=13;
 optional int32 n=14;
 repeated int32 o=15;
 repeated int32 p=16;
 optional double q=17 [default=0.0];
 optional string r=18 [default="7"];
 optional int64 s=19 [default=7];
 optional int32 t=20;
}
""",
    "e24/e24.proto": """\
edition = "2024";
package e24;
message A{
 string a=1;
 string b=2;
 map<string,bytes> c=3; }
""",
    "feat/feat.proto": """\
edition = "2023";
package feat;
message A{
 string s=1 [features.utf8_validation=
NONE];
 string t=2;
 repeated string u=3 [
features = { utf8_validation: NONE }];
 map<string,string> m=4 [features.utf8_validation=NONE];
 string v=5 [features.field_presence=IMPLICIT];
 M w=6 [features.message_encoding=DELIMITED];
 repeated M x=7 [features.message_encoding=DELIMITED];
 int32 y=8 [features.field_presence=LEGACY_REQUIRED];
 int32 z=9;
 repeated int32 p=10 [features.repeated_field_encoding=EXPANDED];
 string q=11;} message M{option features.json_format
=LEGACY_BEST_EFFORT;} enum E{
Z=0;} enum F{
option features.enum_type=
CLOSED; Y=0;} enum H{X=0;}
""",
    "feat2/feat2.proto": """\
edition = "2023";
package feat2;
option features.utf8_validation=
NONE; option features.enum_type=CLOSED; option features.json_format=LEGACY_BEST_EFFORT;
message A{
 string s=1;
 message B{
 string s=1;
 enum E{
Z=0;} } }
 enum E{
Z=0;}
""",
    "jutf/jutf.proto": """\
syntax = "proto2";
package jutf;
message A{
 optional string a=1;
 repeated string b=2;
 optional bytes c=3;
 map<string,string> m=4; }
""",
    "jutf2/jutf2.proto": """\
syntax = "proto2";
package jutf2;
option java_string_check_utf8=
true; message A{
 optional string a=1;
 repeated string b=2;
 optional string c=3; }
""",
    "opts/opts.proto": """\
syntax = "proto2";
package opts;
option java_package=
"b"; option java_outer_classname = "X";
option optimize_for
=CODE_SIZE;
option java_multiple_files=true;
option java_generic_services=
false;
message A{
extensions 1 to max;} message B{
option no_standard_descriptor_accessor=
true;
optional int64 a=1;
optional int64 b=2 [
jstype=JS_NUMBER];
optional int32 c=3;
optional string s=4;
optional string t=5 [
ctype=CORD];
optional string u=6;
optional bytes v=7;
 optional string w=8[ctype=STRING];
optional fixed64 x=9 [jstype=
JS_STRING];
repeated string y=10;
optional string z=11;
optional int64 aa=12 [jstype=JS_STRING];
optional bytes bb=13;
}
""",
    "syn/syn.proto": """\
syntax =
"proto3"; package syn;
message A{
 optional string a=1;
 int32 b=2;
 repeated int32 c=3;
 oneof o { int32 d=4; } int32 f=5;}
 enum E{
Z=0;}
""",
    "syn2/syn2.proto": """\
syntax="proto2"; package syn2; message A{}
""",
    "syn3/syn3.proto": """\
edition =
"2023"; package syn3; message A{
 string s=1;
 string t=2;
 map<string,string> m=3;
 repeated string r=4;
 string u=5[features.field_presence=IMPLICIT];
 A v=6;
 A w=7;} enum E{Z=0;}
""",
}
