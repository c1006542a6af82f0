#pragma once

#include <name.h>
#include <sys/types.h>

#define SEEK_SET 0
#define SEEK_CUR 1
#define _SC_SIGRT_MIN 40
#define _SC_SIGRT_MAX 41

extern "C" {
pid_t getpid(void);
int close(int file) SIMULATED(close);
ssize_t read(int file, void* to, size_t size) SIMULATED(read);
ssize_t pread(int file, void* to, size_t size, off_t offset) SIMULATED(pread);
off_t lseek(int file, off_t offset, int whence) SIMULATED(lseek);
int getgroups(int most, gid_t* groups) SIMULATED(getgroups);
}
