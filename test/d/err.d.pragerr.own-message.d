#pragma D error this program is too old
BEGIN { }
