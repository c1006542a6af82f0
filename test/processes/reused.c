// A child whose PID is given to another child again and again, by clone3(2) with set_tid:
//
//   reused
//
// reads a line, does what it says and prints a line. The child of kind A has the name A, umask 0111, RLIMIT_RSS 1000 and
// SIGUSR1 blocked; that of kind B has the name B, umask 0222, RLIMIT_RSS 2000 and SIGUSR2 blocked. They also differ in command
// line, working directory, OOM score, I/O priority, policy and the file of descriptor 9. They have so from their first moment:
// it is this process's when it makes them.
//
//   first       makes the child A, ending the one that there was           prints its PID and its start in ticks
//   swap        ends it and makes B with its PID                            prints its PID and its start in ticks
//   limit       looks                                                       prints the child's RLIMIT_RSS
//   churn       makes A and B by turns with the same PID, until it is killed or its input ends   prints the PID
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_clone3
#define SYS_clone3 435
#endif

// struct clone_args, of which older headers know less.
struct arguments {
  uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size;
};

static pid_t child;
static char* title;  // the first argument, which is where /proc/PID/cmdline reads it

enum { IOPRIO_WHO_PROCESS = 1, IOPRIO_CLASS_BE = 2, IOPRIO_CLASS_SHIFT = 13 };

static void become_besides(int is_a) {
  title[0] = is_a ? 'A' : 'B';
  if (chdir(is_a ? "/" : "/proc") != 0) perror("chdir");
  const struct sched_param none = {0};
  sched_setscheduler(0, is_a ? SCHED_OTHER : SCHED_BATCH, &none);
  syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, IOPRIO_CLASS_BE << IOPRIO_CLASS_SHIFT | (is_a ? 5 : 6));
  const int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (score < 0 || write(score, is_a ? "998" : "999", 3) != 3) perror("oom_score_adj");
  if (score >= 0) close(score);
  const int file = open(is_a ? "/dev/null" : "/dev/zero", O_RDONLY | O_CLOEXEC);
  if (file >= 0 && file != 9) {
    dup2(file, 9);
    close(file);
  }
}

static void become(char kind) {
  const char name[] = {kind, '\0'};
  const struct rlimit limit = {kind == 'A' ? 1000 : 2000, RLIM_INFINITY};
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, kind == 'A' ? SIGUSR1 : SIGUSR2);
  sigprocmask(SIG_SETMASK, &blocked, NULL);
  umask(kind == 'A' ? 0111 : 0222);
  setrlimit(RLIMIT_RSS, &limit);
  prctl(PR_SET_NAME, name);
  become_besides(kind == 'A');
}

// A child with this PID, or with any; it lives for so long, or until it is killed.
static pid_t make(pid_t pid, useconds_t lifetime) {
  struct arguments arguments = {.exit_signal = SIGCHLD};
  if (pid != 0) {
    arguments.set_tid = (uint64_t)(uintptr_t)&pid;
    arguments.set_tid_size = 1;
  }
  const pid_t parent = getpid();
  const pid_t made = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
  if (made != 0) return made;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);
  if (lifetime > 0) usleep(lifetime);
  for (; lifetime == 0;) pause();
  _exit(0);
}

static void end(void) {
  if (child <= 0) return;
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

// Another process may have got the PID first: it is tried for a second.
static int take(pid_t pid) {
  for (int i = 0; i < 10000; i++) {
    child = make(pid, 0);
    if (child > 0) return 1;
    if (errno != EEXIST) break;
    usleep(100);
  }
  fprintf(stderr, "clone3: %s\n", strerror(errno));
  return 0;
}

static void print_child(void) {
  printf("%d %llu\n", (int)child, start_of(child));
  fflush(stdout);
}

static int churn(void) {
  become('A');
  const pid_t pid = make(0, 1);
  if (pid <= 0) return 1;
  printf("%d\n", (int)pid);
  fflush(stdout);
  waitpid(pid, NULL, 0);
  struct pollfd input = {.fd = 0, .events = POLLIN};
  for (unsigned i = 0; poll(&input, 1, 0) == 0; i++) {
    become(i % 2 == 0 ? 'B' : 'A');
    const pid_t made = make(pid, 1 + i % 7 * 20);
    if (made < 0 && errno != EEXIST) return 1;
    if (made > 0) waitpid(made, NULL, 0);
  }
  return 0;
}

int main(int argc, char** argv) {
  if (argc < 1) return 2;
  title = argv[0];
  char line[16];
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (strcmp(line, "churn\n") == 0) return churn();
    if (strcmp(line, "first\n") == 0) {
      end();
      become('A');
      if (!take(child)) return 1;
      print_child();
    } else if (strcmp(line, "swap\n") == 0) {
      end();
      become('B');
      if (!take(child)) return 1;
      print_child();
    } else if (strcmp(line, "limit\n") == 0) {
      struct rlimit limit;
      if (prlimit(child, RLIMIT_RSS, NULL, &limit) != 0) return 1;
      printf("%llu\n", (unsigned long long)limit.rlim_cur);
      fflush(stdout);
    } else {
      return 2;
    }
  }
  end();
  return 0;
}
