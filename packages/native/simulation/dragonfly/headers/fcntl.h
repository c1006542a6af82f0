#pragma once
#define O_RDONLY 0x0000
#define O_CLOEXEC 0x00020000
#define F_SETFD 2
#define FD_CLOEXEC 1

// Under another name, so that it is the simulated kernel's function and not this machine's.
extern "C" int open(const char* path, int flags, ...) __asm__("dragonfly_open");
extern "C" int fcntl(int file, int command, ...);
