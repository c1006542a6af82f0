#pragma once
#include <sys/types.h>

extern "C" {
pid_t getpid(void);
// As open() in <fcntl.h>.
ssize_t read(int file, void* bytes, size_t size) __asm__("dragonfly_read");
int close(int file) __asm__("dragonfly_close");
}
