#pragma once
#include <sys/types.h>
#define __NEED_struct_timeval
#define __NEED_struct_timespec
#include <bits/alltypes.h>
