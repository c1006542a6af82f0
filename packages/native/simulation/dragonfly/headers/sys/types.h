#pragma once
#define __NEED_size_t
#define __NEED_ssize_t
#define __NEED_pid_t
#define __NEED_uid_t
#define __NEED_gid_t
#define __NEED_time_t
#define __NEED_suseconds_t
#define __NEED_int64_t
#define __NEED_uint64_t
#define __NEED_uintptr_t
#include <bits/alltypes.h>

typedef unsigned int u_int;
typedef unsigned short u_short;
typedef unsigned int dev_t;
typedef int lwpid_t;
typedef long segsz_t;
typedef int64_t rlim_t;
