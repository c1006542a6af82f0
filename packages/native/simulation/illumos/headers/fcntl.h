#pragma once

#include <name.h>

#define O_RDONLY 0
#define O_CLOEXEC 0x800000
#define F_SETFD 2
#define FD_CLOEXEC 1
#define AT_FDCWD static_cast<int>(0xffd19553)

extern "C" {
int openat(int directory, const char* path, int flags, ...) SIMULATED(openat);
int fcntl(int file, int command, ...) SIMULATED(fcntl);
}
