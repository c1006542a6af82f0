#pragma once

#include <name.h>

typedef unsigned long rlim_t;

struct rlimit {
  rlim_t rlim_cur;
  rlim_t rlim_max;
};

#define RLIMIT_CPU 0
#define RLIMIT_FSIZE 1
#define RLIMIT_DATA 2
#define RLIMIT_STACK 3
#define RLIMIT_CORE 4
#define RLIMIT_NOFILE 5
#define RLIMIT_VMEM 6
#define RLIMIT_AS RLIMIT_VMEM
#define RLIM_NLIMITS 7

#define RLIM_INFINITY (-3l)

extern "C" {
int getrlimit(int resource, struct rlimit* limit) SIMULATED(getrlimit);
int setrlimit(int resource, const struct rlimit* limit) SIMULATED(setrlimit);
}
