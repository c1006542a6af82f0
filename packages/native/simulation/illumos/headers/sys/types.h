#pragma once

// The types of the C library that is used for the rest. They have the same width on illumos.
#define __NEED_size_t
#define __NEED_ssize_t
#define __NEED_off_t
#define __NEED_ino_t
#define __NEED_pid_t
#define __NEED_uid_t
#define __NEED_gid_t
#define __NEED_uintptr_t
#include <bits/alltypes.h>
