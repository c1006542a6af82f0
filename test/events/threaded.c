/* A program with threads, which ends in the way that its argument names. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_t leader;
static pthread_barrier_t barrier;

/* The main thread has ended, and this one decides about the exit code. */
static void* outlive(void* argument) {
  (void)argument;
  pthread_join(leader, NULL);
  usleep(50000);
  exit(5);
}

static void* execute(void* argument) {
  (void)argument;
  execl("/proc/self/exe", "threaded", "three", (char*)NULL);
  _exit(99);
}

static void* end_together(void* argument) {
  (void)argument;
  pthread_barrier_wait(&barrier);
  return NULL;
}

static int pipes[2][2];

static void* be_traced(void* argument) {
  char byte;
  pid_t tid = gettid();
  (void)argument;
  if (write(pipes[0][1], &tid, sizeof tid) < 0 || read(pipes[1][0], &byte, 1) < 0) _exit(99);
  return NULL;
}

/* A process that ends while its tracer keeps a thread of it that has ended before. The tracer lives as long as its input. */
static int keep_thread(void) {
  pthread_t thread;
  pid_t tid;
  if (pipe(pipes[0]) != 0 || pipe(pipes[1]) != 0) return 97;
  pid_t child = fork();
  if (child == 0) {
    pthread_create(&thread, NULL, be_traced, NULL);
    pthread_join(thread, NULL);
    exit(6);
  }
  if (read(pipes[0][0], &tid, sizeof tid) < 0 || ptrace(PTRACE_SEIZE, tid, 0, 0) != 0) return 96;
  printf("%d\n", child);
  fflush(stdout);
  if (write(pipes[1][1], "", 1) < 0) return 95;
  for (char byte; read(0, &byte, 1) > 0;) continue;
  return 0;
}

static void* sleep_long(void* argument) {
  (void)argument;
  pause();
  return NULL;
}

int main(int argc, char** argv) {
  const char* what = argc > 1 ? argv[1] : "";
  pthread_t thread;
  leader = pthread_self();
  if (strcmp(what, "three") == 0) return 3;
  if (strcmp(what, "outlive") == 0) {
    pthread_create(&thread, NULL, outlive, NULL);
    pthread_exit(NULL);
  }
  if (strcmp(what, "exec") == 0) {
    pthread_create(&thread, NULL, execute, NULL);
    for (;;) pause();
  }
  if (strcmp(what, "rename") == 0) {
    prctl(PR_SET_NAME, "renamed");
    printf("renamed\n");
    fflush(stdout);
    for (char byte; read(0, &byte, 1) > 0;) continue;
    return 0;
  }
  if (strcmp(what, "orphan") == 0) {
    /* A child that outlives this process. */
    pid_t child = fork();
    if (child == 0) {
      sleep(60);
      _exit(0);
    }
    printf("%d\n", child);
    fflush(stdout);
    usleep(200000);
    return 0;
  }
  if (strcmp(what, "together") == 0) {
    /* Processes whose threads end at the same moment, one after the other. */
    int count = atoi(argv[2]);
    for (int i = 0; i < count; i++) {
      pid_t child = fork();
      if (child == 0) {
        pthread_barrier_init(&barrier, NULL, 4);
        for (int j = 0; j < 3; j++) pthread_create(&thread, NULL, end_together, NULL);
        pthread_barrier_wait(&barrier);
        pthread_exit(NULL);
      }
      int status;
      waitpid(child, &status, 0);
      printf("%d\n", child);
      fflush(stdout);
    }
    return 0;
  }
  if (strcmp(what, "traced") == 0) return keep_thread();
  if (strcmp(what, "group") == 0) {
    for (int i = 0; i < 4; i++) pthread_create(&thread, NULL, sleep_long, NULL);
    exit(4);
  }
  return 98;
}
