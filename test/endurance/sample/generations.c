// Processes that have the same few PIDs one after another, by clone3(2) with set_tid:
//
//   generations PIDS MILLISECONDS
//
// Each PID gets another process after so many milliseconds, until the input ends. The name of each is its own: "PID.START.KIND", the
// start in ticks, both in base 36. Of two that follow each other one works for 30 ms and then waits, KIND b, and the other one only
// waits, KIND i. Until a process has given itself that name it has the one of this program. Prints "ready" when all are there, and at
// the end how many there were.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <poll.h>
#include <sys/prctl.h>
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

static unsigned long long start_of_self(void) {
  char text[1024];
  FILE* file = fopen("/proc/self/stat", "r");
  if (file == NULL) _exit(1);
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  const char* at = strrchr(text, ')');
  for (int field = 2; at != NULL && field < 22; field++) at = strchr(at + 1, ' ');
  return at == NULL ? 0 : strtoull(at + 1, NULL, 10);
}

static char* in_base_36(unsigned long long number, char* end) {
  do {
    *--end = "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36];
    number /= 36;
  } while (number > 0);
  return end;
}

static void live(pid_t parent, int is_busy) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);
  char name[32], pid[16] = "", start[16] = "";
  snprintf(name, sizeof name, "%s.%s.%c", in_base_36((unsigned long long)getpid(), pid + 15),
           in_base_36(start_of_self(), start + 15), is_busy ? 'b' : 'i');
  prctl(PR_SET_NAME, name);
  struct timespec used = {0};
  while (is_busy && (used.tv_sec == 0 && used.tv_nsec < 30 * 1000 * 1000)) clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  for (;;) pause();
}

// Another process may have got the PID first: it is tried for a second.
static pid_t make(pid_t pid, int is_busy) {
  struct arguments arguments = {.exit_signal = SIGCHLD, .set_tid = (uint64_t)(uintptr_t)&pid, .set_tid_size = pid > 0};
  if (pid == 0) arguments.set_tid = 0;
  const pid_t parent = getpid();
  for (int i = 0; i < 10000; i++) {
    const pid_t made = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
    if (made == 0) live(parent, is_busy);
    if (made > 0) return made;
    if (errno != EEXIST) break;
    usleep(100);
  }
  perror("clone3");
  exit(1);
}

int main(int argc, char** argv) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (argc != 3) return 2;
  const long count = atol(argv[1]);
  const int pause_for = (int)(atol(argv[2]) / count);
  pid_t* pids = calloc((size_t)count, sizeof *pids);
  if (pids == NULL || count <= 0) return 1;
  for (long i = 0; i < count; i++) pids[i] = make(0, i % 2);
  puts("ready");
  fflush(stdout);
  long made = count;
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  // Each pass over all of them changes what each is.
  for (long pass = 1, i = 0; poll(&input, 1, pause_for) == 0; made++) {
    kill(pids[i], SIGKILL);
    waitpid(pids[i], NULL, 0);
    pids[i] = make(pids[i], (int)((i + pass) % 2));
    if (++i == count) i = 0, pass++;
  }
  for (long i = 0; i < count; i++) kill(pids[i], SIGKILL);
  while (waitpid(-1, NULL, 0) > 0) continue;
  printf("%ld\n", made);
  return 0;
}
