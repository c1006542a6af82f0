/*
 * One of a herd that is busy: works for a quarter of a millisecond, four times a second, until it is killed.
 *
 * That is a thousandth of a processor, so two hundred of them take a fifth of one. Processes that work without pause would take
 * the processors from what is measured, however low their priority is: a hundred on a processor have together a weight of 1,500
 * with the nice value 19, and of 300 with the idle policy, where the thread that is measured has 1,024. These have the idle
 * policy, too: whatever else wants the processor gets it at once.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

enum { WORK_NS = 250 * 1000, PERIOD_NS = 250 * 1000 * 1000, PARTS = 64 };

static int64_t used(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int main(void) {
  const struct sched_param none = {0};
  sched_setscheduler(0, SCHED_IDLE, &none);
  /* Not all at once. */
  struct timespec pause = {.tv_nsec = PERIOD_NS / PARTS * (getpid() % PARTS)};
  for (;;) {
    nanosleep(&pause, NULL);
    pause.tv_nsec = PERIOD_NS;
    for (const int64_t until = used() + WORK_NS; used() < until;) continue;
  }
}
