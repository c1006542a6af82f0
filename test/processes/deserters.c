// A tree whose processes leave it while it is ended, and neighbours of it:
//
//   deserters WORKERS NEIGHBOURS RELAY
//
// prints the PID of the tree's root, then those of the neighbours, all children of this process, once all workers have begun.
// Each worker forks children that live for some milliseconds. From 300 ms after SIGTERM on it forks twice instead: the one between
// ends at once, and its child, the deserter, belongs to init. Until then a listing of the tree shows that it forks. All of them
// outlive SIGTERM. The root leads a session of its own. If RELAY is not 0, a deserter forks another one after so many microseconds
// and ends. The neighbours fork twice from the beginning, and count the signals that they get.
//
// Reads a line, does what it says and prints a line; none outlives its input.
//
//   deserters   prints the PIDs of all deserters so far
//   harmed      prints how many signals the neighbours have got, and how many of them have been stopped or have ended
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { kMost = 20000 };

static struct shared {
  long signals, count, over, working;
  pid_t deserters[kMost];
} * shared;
static useconds_t relay;
// Milliseconds; 0 before SIGTERM.
static volatile long long asked_at;

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

static void note_signal(int signal) {
  (void)signal;
  if (asked_at == 0) asked_at = now();
}

static void desert(void) {
  for (;;) {
    const long place = __atomic_fetch_add(&shared->count, 1, __ATOMIC_SEQ_CST);
    if (place >= kMost) _exit(0);
    __atomic_store_n(&shared->deserters[place], getpid(), __ATOMIC_SEQ_CST);
    alarm(60);
    if (relay == 0) {
      for (;;) pause();
    }
    usleep(relay);
    if (shared->over || fork() != 0) _exit(0);
  }
}

static void work(void) {
  alarm(60);
  __atomic_add_fetch(&shared->working, 1, __ATOMIC_SEQ_CST);
  for (;;) {
    const int leaves = asked_at != 0 && now() > asked_at + 300;
    if (fork() == 0) {
      if (leaves && fork() == 0) desert();
      if (!leaves) usleep(2000);
      _exit(0);
    }
    usleep(leaves ? 20000 : 2000);
    while (waitpid(-1, NULL, WNOHANG) > 0) continue;
  }
}

static void lead(long workers) {
  setsid();
  alarm(60);
  struct sigaction action = {.sa_handler = note_signal};
  sigaction(SIGTERM, &action, NULL);
  for (long i = 0; i < workers; i++) {
    if (fork() == 0) work();
  }
  for (;;) pause();
}

static void count(int signal) {
  (void)signal;
  __atomic_add_fetch(&shared->signals, 1, __ATOMIC_SEQ_CST);
}

static void neighbour(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);
  for (int i = 1; i < 65; i++) {
    if (i != SIGKILL && i != SIGSTOP && i != SIGCHLD) signal(i, count);
  }
  for (;;) {
    if (fork() == 0) {
      if (fork() == 0) usleep(1000);
      _exit(0);
    }
    wait(NULL);
    usleep(20000);
  }
}

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const long workers = atol(argv[1]), neighbours = atol(argv[2]);
  relay = (useconds_t)atol(argv[3]);
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pid_t* pids = calloc((size_t)neighbours + 1, sizeof *pids);
  if (shared == MAP_FAILED || pids == NULL) return 1;
  const pid_t me = getpid();
  const pid_t root = fork();
  if (root == 0) lead(workers);
  printf("%d", (int)root);
  for (long i = 0; i < neighbours; i++) {
    pids[i] = fork();
    if (pids[i] == 0) neighbour(me);
    printf(" %d", (int)pids[i]);
  }
  while (__atomic_load_n(&shared->working, __ATOMIC_SEQ_CST) < workers) usleep(1000);
  printf("\n");
  fflush(stdout);
  char line[16];
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (strcmp(line, "deserters\n") == 0) {
      for (long i = 0; i < shared->count && i < kMost; i++) printf("%d ", (int)shared->deserters[i]);
      printf("\n");
    } else {
      int harmed = 0;
      for (long i = 0; i < neighbours; i++) {
        harmed += waitpid(pids[i], NULL, WNOHANG | WUNTRACED | WCONTINUED) != 0;
      }
      printf("%ld %d\n", __atomic_load_n(&shared->signals, __ATOMIC_SEQ_CST), harmed);
    }
    fflush(stdout);
  }
  // All of the tree and of what has left it are of one session, and of one process group.
  shared->over = 1;
  kill(-root, SIGKILL);
  return 0;
}
