// Children that have one PID one after another, by clone3(2) with set_tid, and what happens to the second of each two:
//
//   namesakes
//
// reads a line, does what it says and prints a line.
//
//   first   makes a child, ending the one that there was          prints its PID and its start in ticks
//   swap    ends it and makes another one with its PID            prints its PID and its start in ticks
//   count   looks                                                 prints how many signals such others have got, of any kind
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_clone3
#define SYS_clone3 435
#endif

// struct clone_args, of which older headers know less.
struct arguments {
  uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size;
};

static pid_t child;
static volatile int is_second;
static long* signals;

static void count(int signal) {
  (void)signal;
  if (is_second) __atomic_add_fetch(signals, 1, __ATOMIC_SEQ_CST);
}

// Another process may have got the PID first: it is tried for a second.
static int make(void) {
  struct arguments arguments = {.exit_signal = SIGCHLD, .set_tid = (uint64_t)(uintptr_t)&child, .set_tid_size = child > 0};
  if (child == 0) arguments.set_tid = 0;
  const pid_t parent = getpid();
  for (int i = 0; i < 10000; i++) {
    const pid_t made = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
    if (made == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (getppid() != parent) _exit(0);
      for (;;) pause();
    }
    if (made > 0) {
      child = made;
      return 1;
    }
    if (errno != EEXIST) break;
    usleep(100);
  }
  fprintf(stderr, "clone3: %s\n", strerror(errno));
  return 0;
}

static void end(void) {
  if (child <= 0) return;
  int status;
  // One that was stopped, let run on or ended got a signal that it cannot count.
  if (is_second && waitpid(child, &status, WNOHANG | WUNTRACED | WCONTINUED) != 0) {
    __atomic_add_fetch(signals, 1, __ATOMIC_SEQ_CST);
    if (WIFEXITED(status) || WIFSIGNALED(status)) return;
  }
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
}

static unsigned long long start_of(pid_t pid) {
  char path[32], text[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  FILE* file = fopen(path, "r");
  if (file == NULL) return 0;
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  const char* at = strrchr(text, ')');
  for (int field = 2; at != NULL && field < 22; field++) at = strchr(at + 1, ' ');
  return at == NULL ? 0 : strtoull(at + 1, NULL, 10);
}

int main(void) {
  char line[16];
  signals = mmap(NULL, sizeof *signals, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (signals == MAP_FAILED) return 1;
  // Children count from their first moment: these handlers are theirs too.
  for (int i = 1; i < 65; i++) {
    if (i != SIGCHLD && i != SIGKILL && i != SIGSTOP) signal(i, count);
  }
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (strcmp(line, "count\n") == 0) {
      printf("%ld\n", __atomic_load_n(signals, __ATOMIC_SEQ_CST));
    } else {
      end();
      is_second = strcmp(line, "swap\n") == 0;
      if (!make()) return 1;
      printf("%d %llu\n", (int)child, start_of(child));
    }
    fflush(stdout);
  }
  is_second = 0;
  end();
  return 0;
}
