"""Pairs of revisions with other elements and types, each in its own package: how they were, how they are.

Statements are broken over lines where the line shows what is marked.
"""

OLD = {
    "del/del.proto": """\
syntax = "proto2";
package del;
message A{ message In{} enum Ie{X=0;} extensions 1 to 10; }
message Gone{ message Inner{} }
enum Eg{ Y=0;}
service Sg{ rpc R(A) returns(A);}
extend A{ optional int32 ex=5; }
message K{ message N{ message N2{} enum E2{ZZ=0;} extend A { optional int32 ex6=6;}} }
""",
    "delfile/delfile.proto": """\
syntax = "proto2";
package delfile;
message A{}
""",
    "enum/enum.proto": """\
syntax = "proto2";
package enum;
enum E{ option allow_alias=true; A=0; B=1; C=1; D=2; F=3; reserved 10 to 20; reserved "X"; }
""",
    "fdel/fdel.proto": """\
syntax = "proto2";
package fdel;
message A{ optional int32 a=1; required int32 b=2; reserved 5 to 10, 20; reserved "foo","bar";
optional group G=30 { optional int32 i=1; }
 optional group H=31 { optional int32 i=1; } map<string,int32> m=40; map<string,int32> n=41;
map<int32,string> o=42; extensions 100 to 200; extensions 300 to 310; }
""",
    "names/names.proto": """\
syntax = "proto2";
package names;
message A{ optional int32 foo_bar=1; optional int32 x=2 [json_name="y"]; optional int32 z=3;
extensions 10 to 20; } extend A { optional int32 e1=10; optional int32 e2=11; optional string
e3=12;}
""",
    "nopkg/nopkg.proto": """\
syntax="proto2";
package np.a; message A{}
""",
    "oneof/oneof.proto": """\
syntax = "proto2";
package oneof;
message A{ oneof a { int32 x=1; string y=2; } oneof b { int32 z=3; } optional int32 p=4; optional
int32 q = 5; oneof e { int32 w=6;} }
""",
    "pkgold/pkgold.proto": """\
syntax="proto2";
package pk.a; message A{} enum B{Q=0;} service C{}
""",
    "rpc/rpc.proto": """\
syntax = "proto2";
package rpc;
message A{} message B{} service S{ rpc X(A) returns (A); rpc Y(A) returns (A); rpc Z(stream A)
returns (A); rpc W(A) returns (A){ option idempotency_level=IDEMPOTENT; } }
""",
    "sub/sub.proto": """\
syntax = "proto2";
package sub;
enum E{A=0;B=1;} message T{ optional E e=1; optional E f=2; optional E g=3; optional int32 h=4;
optional E i=5; }
""",
    "two/a.proto": """\
syntax="proto2"; package two; message A{} message B{} message C{ message CC{} }
""",
    "two/b.proto": """\
syntax="proto2"; package two; enum D{DD=0;} enum DL{DL0=0;}
""",
    "types/types.proto": """\
syntax = "proto2";
package types;
enum E1{A=0;B=1;} enum E2{X=0;} enum E3{AA=0;} message M1{optional int32 a=1;} message M2{} message
N{ message M1{} enum E1{Q=0;} } message T{ optional E1 a=1; optional E1 b=2; optional M1 c=3;
optional M1 d=4; optional E1 e=5; optional E1 f=6; optional group G=7 {} map<string,M1> m=8;
map<string,E1> n=9; optional M1 gg=10; repeated E1 r=11;}
""",
}
NEW = {
    "del/del.proto": """\
syntax = "proto2";
package del;
message A{
extensions 1 to 10; }

message K{
 message N {

 } }
""",
    "enum/enum.proto": """\
syntax = "proto2";
package enum;
enum E{
 option allow_alias=true;
 A=0;
 B=1;
 D2=2;
 D3=2;
 G=3; H=4; reserved 11 to 20;
 }
""",
    "fdel/fdel.proto": """\
syntax = "proto2";
package fdel;
message A{
 reserved 5 to 7, 9;
 reserved "foo";
 optional int32 bar = 6000;
 required int32 c=3;
 optional group H=31 {
 optional string i=1;
 }
 map<string,
 string> m=40;
 map<int64,
 int32> n=41;
 repeated int32
 o=42;
 optional group
 Q=51 {
 optional string i=1;
 }
 extensions 100 to 150;
 extensions 151 to 200; extensions 301 to 310;}
""",
    "names/names.proto": """\
syntax = "proto2";
package names;
message A{ optional int32
 fooBar=1; optional int32 x=2
 [json_name=
"yy"];
 optional int32 z=3 [
json_name="zz"]; extensions 10 to 20; } extend A { optional int32
 e1x=10;
 optional int64
 e2=11;
 repeated string
 e3=12;}
""",
    "nopkg/nopkg.proto": """\
syntax="proto2";

 message Anp{}
""",
    "oneof/oneof.proto": """\
syntax = "proto2";
package oneof;
message A{
 oneof a {
 int32 x=1;
 }
 optional string y=2;
 oneof b{ int32 z=3;
 int32 p=4; }
 oneof c {
 int32 q=5; }
 oneof e2 {
 int32 w=6; } }
""",
    "pkgold/pkgold.proto": """\
syntax="proto2";

 package
 pk.b; message A{} enum B{Q=0;} service C{}
""",
    "rpc/rpc.proto": """\
syntax = "proto2";
package rpc;
message A{} message B{} service S{
 rpc X(
 B) returns
 (B);
 rpc Z(A)
 returns (stream A);
 rpc W(A) returns (A){
 } }
""",
    "sub/sub.proto": """\
syntax = "proto2";
package sub;
enum E{A=0;} message W{ enum E{ WA=0; WB=1; WC=2;} } message V{ enum E{ VA=0;} } message U{ enum
E{A=0;B=1;} }
message T{ optional W.E e=1;
 optional V.E f=2;
 optional U.E g=3;
 optional E h=4;
 optional int32 i=5;
}
""",
    "two/a.proto": """\
syntax="proto2"; package two;
message B{}
""",
    "two/c.proto": """\
syntax="proto2"; package two; message A{} message C{ } enum D{DD=0;}
""",
    "types/types.proto": """\
syntax = "proto2";
package types;
enum E1{A=0;B=1;} enum E2{X=0;} enum E3{AA=0;} message M1{optional int32 a=1;} message M2{} message
N{ message M1{} enum E1{Q=0;} enum E4{A4=0;B4=1;C4=2;} } enum S{ A5=0; B5=1; } enum F{A6=0;}
 message T{
 optional E2 a=1;
 optional E3 b=2;
 optional M2 c=3;
 optional N.M1 d=4;
 optional N.E1 e=5;
 optional N.E4 f=6;
 optional M1 g7=7;
 map<string,M2> m=8;
 map<string,E2> n=9;
 optional group GG=10 {}
 repeated S r=11;}
""",
}
