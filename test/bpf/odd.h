/* What the kinds of odd processes share. */
#pragma once

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int ready[2]; /* a child that has become what it is to be writes a byte here */

static void must(int answer, const char *what) {
  if (answer == 0) return;
  fprintf(stderr, "odd-herd: %s: %s\n", what, strerror(errno));
  _exit(1);
}

static void print_ready(void) {
  if (write(ready[1], "", 1) != 1) _exit(1);
}

static void *pause_in_thread(void *unused) {
  for (;;) pause();
  return unused;
}

static void start_thread(void *(*work)(void *)) {
  pthread_t thread;
  must(pthread_create(&thread, NULL, work, NULL), "pthread_create");
}

static void threaded(long count) {
  for (long i = 0; i < count; i++) start_thread(pause_in_thread);
}

static void leaderless(long unused) {
  (void)unused;
  start_thread(pause_in_thread);
  print_ready();
  syscall(SYS_exit, 0); /* this thread alone: the process goes on with a zombie for its first one */
}
