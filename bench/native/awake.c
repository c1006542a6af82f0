/*
 * Keeps every processor awake: a thread on each spins, at the idle policy, so that any other program that wants the processor has
 * it at once. Ends when stdin does.
 *
 * A virtual machine's processor that has gone to sleep takes tens of microseconds to wake up, or none.
 * Two threads that wake each other up would be measured by that, and not by their work.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <signal.h>
#include <unistd.h>

static void *spin(void *processor) {
  const struct sched_param none = {0};
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET((int)(long)processor, &one);
  if (sched_setscheduler(0, SCHED_IDLE, &none) != 0 || sched_setaffinity(0, sizeof one, &one) != 0) return NULL;
  for (;;) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }
  return NULL;
}

int main(void) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  cpu_set_t all;
  if (sched_getaffinity(0, sizeof all, &all) != 0) return 1;
  for (long processor = 0; processor < CPU_SETSIZE; processor++) {
    pthread_t thread;
    if (CPU_ISSET((int)processor, &all) && pthread_create(&thread, NULL, spin, (void *)processor) != 0) return 1;
  }
  puts("awake");
  fflush(stdout);
  while (getchar() != EOF) continue;
  return 0;
}
