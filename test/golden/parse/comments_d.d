#!/usr/sbin/dtrace -qs
# 12 "from the preprocessor"
#line 13
#pragma D option quiet
#pragma D option switchrate="10hz" /* comment */
#pragma ident "ignored"
#pragma D attributes Stable/Stable/Common provider foo
BEGIN { x = 1; }
