/* Kinds of processes by what they have used: time, memory, I/O, and what their ended threads and children have. */
#pragma once

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "odd.h"

/* Uses so many milliseconds of a processor, a part of it in the kernel. */
static void work(long milliseconds) {
  struct timespec now;
  do {
    for (volatile int i = 0; i < 20000; i++) continue;
    for (int i = 0; i < 50; i++) syscall(SYS_getppid);
    must(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now), "clock_gettime");
  } while (now.tv_sec * 1000 + now.tv_nsec / 1000000 < milliseconds);
}

static void use_memory(size_t bytes, int flags) {
  char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
  if (memory == MAP_FAILED) must(-1, "mmap");
  for (size_t at = 0; at < bytes / 2; at += 4096) memory[at] = 1;
}

static void read_and_write(void) {
  char bytes[5000];
  const int from = open("/dev/zero", O_RDONLY);
  const int to = open("/dev/null", O_WRONLY);
  if (read(from, bytes, sizeof bytes) != sizeof bytes || write(to, bytes, 3000) != 3000) must(-1, "read and write");
  close(from);
  close(to);
}

static void worked(long milliseconds) {
  work(milliseconds);
  read_and_write();
}

static void *work_in_thread(void *unused) {
  work(40);
  use_memory(1 << 20, MAP_PRIVATE | MAP_ANONYMOUS);
  read_and_write();
  return unused;
}

/* Threads that have used something: some have ended, and some live. */
static void with_ended_threads(long living) {
  for (int i = 0; i < 3; i++) {
    pthread_t thread;
    must(pthread_create(&thread, NULL, work_in_thread, NULL), "pthread_create");
    must(pthread_join(thread, NULL), "pthread_join");
  }
  threaded(living);
}

/* Its first thread has ended, and so have others. */
static void leaderless_after_work(long unused) {
  with_ended_threads(1);
  work(30);
  leaderless(unused);
}

static void with_reaped_children(long count) {
  for (long i = 0; i < count; i++) {
    const pid_t child = fork();
    if (child == 0) {
      work_in_thread(NULL);
      _exit(0);
    }
    must(waitpid(child, NULL, 0) != child, "waitpid");
  }
}

static void with_memory(long kind) {
  use_memory(3 << 20, MAP_ANONYMOUS | (kind == 0 ? MAP_PRIVATE : MAP_SHARED));
  if (kind == 2) must(mlockall(MCL_CURRENT), "mlockall");
}
