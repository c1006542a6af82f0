/* Uses a known share of the processors: burner PERCENT [LIFETIME]. PERCENT is of one processor; it has a thread for each 100. With
   LIFETIME each thread ends after so many milliseconds and another one takes its place.

   Each works while the process has used less than its share of the time since it began, by CLOCK_PROCESS_CPUTIME_ID and
   CLOCK_MONOTONIC, so that it makes up for what others have taken from it. It answers each line with the nanoseconds of both clocks:
   what it has really used, whatever it was asked for. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

static double share;
static int64_t lifetime;
static int64_t began;

static int64_t nanoseconds(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void burn(int64_t until) {
  int64_t now;
  while ((now = nanoseconds(CLOCK_MONOTONIC)) < until) {
    if ((double)nanoseconds(CLOCK_PROCESS_CPUTIME_ID) >= share * (double)(now - began)) usleep(3000);
  }
}

static void* burn_once(void* nothing) {
  burn(nanoseconds(CLOCK_MONOTONIC) + lifetime);
  return nothing;
}

static void* burn_on(void* nothing) {
  if (lifetime == 0) burn(INT64_MAX);
  for (;;) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, burn_once, NULL) != 0 || pthread_join(thread, NULL) != 0) exit(1);
  }
  return nothing;
}

int main(int argc, char** argv) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (argc < 2) return 2;
  share = atof(argv[1]) / 100;
  lifetime = argc > 2 ? atoll(argv[2]) * 1000000 : 0;
  began = nanoseconds(CLOCK_MONOTONIC);
  for (int i = 0; i < share; i++) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, burn_on, NULL) != 0) return 1;
  }
  char line[8];
  while (fgets(line, sizeof line, stdin) != NULL) {
    const int64_t used = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    printf("%lld %lld\n", (long long)used, (long long)nanoseconds(CLOCK_MONOTONIC));
    fflush(stdout);
  }
  return 0;
}
