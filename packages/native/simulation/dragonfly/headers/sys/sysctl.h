#pragma once
#include <sys/types.h>

#define CTL_KERN 1
#define KERN_PROC 14
#define KERN_PROC_ALL 0
#define KERN_PROC_PID 1

extern "C" int sysctl(const int* name, u_int length, void* old, size_t* old_size, const void* set, size_t set_size);
