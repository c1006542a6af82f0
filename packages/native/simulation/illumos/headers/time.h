#pragma once

// The part of the C standard is the same everywhere. The clocks have other numbers.
#define clock_gettime clock_gettime_of_musl
#include_next <time.h>
#undef clock_gettime
#undef CLOCK_REALTIME

#include <name.h>

#define CLOCK_REALTIME 3

typedef struct timespec timestruc_t;

extern "C" {
int clock_gettime(clockid_t clock, struct timespec* time) SIMULATED(clock_gettime);
}
