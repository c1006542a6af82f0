#pragma once

// Those of the C library that serves for the rest, which are as wide on illumos; no others.
#define __NEED_size_t
#define __NEED_ssize_t
#define __NEED_off_t
#define __NEED_ino_t
#define __NEED_pid_t
#define __NEED_uid_t
#define __NEED_gid_t
#define __NEED_uintptr_t
#include <bits/alltypes.h>
