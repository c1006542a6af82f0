// Loaded before the C library: the time of day is ahead by as many seconds as the file says that the variable SHIFT names.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int clock_gettime(clockid_t clock, struct timespec* now) {
  int (*real)(clockid_t, struct timespec*) = (int (*)(clockid_t, struct timespec*))dlsym(RTLD_NEXT, "clock_gettime");
  const int result = real(clock, now);
  const char* path = getenv("SHIFT");
  FILE* file = result != 0 || clock != CLOCK_REALTIME || path == NULL ? NULL : fopen(path, "r");
  double seconds = 0;
  if (file == NULL) return result;
  if (fscanf(file, "%lf", &seconds) == 1) {
    const long long nanoseconds = now->tv_nsec + (long long)(seconds * 1e9) % 1000000000 + 1000000000;
    now->tv_sec += (time_t)((long long)(seconds * 1e9) / 1000000000) + (time_t)(nanoseconds / 1000000000) - 1;
    now->tv_nsec = (long)(nanoseconds % 1000000000);
  }
  fclose(file);
  return result;
}
