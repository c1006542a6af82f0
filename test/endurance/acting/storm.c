// A tree that keeps forking, and neighbours of it:
//
//   storm MOST NEIGHBOURS STUBBORN
//
// prints the PID of the tree's root, then those of the neighbours, all children of this process. Each process of the tree forks
// another one whenever there are fewer than MOST, and those that have no children end after a while, so that others can be
// forked; those that end are waited for. With STUBBORN other than 0 they ignore SIGTERM. All of the tree are of one process
// group, whose number is the root's PID. The neighbours count the signals that they get.
//
// Reads a line, does what it says and prints a line; none outlives its input.
//
//   made    prints how many of the tree have ever been forked, and how many of them have not been waited for
//   count   prints how many signals the neighbours have got, and how many of them have been stopped or have ended
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static struct shared {
  long alive, made, signals;
} * shared;
static long most;
static pid_t root;

// Whether there is room for another one, which is counted from then on.
static int begin(void) {
  long alive = __atomic_load_n(&shared->alive, __ATOMIC_SEQ_CST);
  while (alive < most) {
    if (__atomic_compare_exchange_n(&shared->alive, &alive, alive + 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) return 1;
  }
  return 0;
}

static void gone(void) { __atomic_sub_fetch(&shared->alive, 1, __ATOMIC_SEQ_CST); }

// Lives and forks; one without children ends.
static void live(void) {
  long children = 0;
  // Where all else fails.
  alarm(120);
  srand((unsigned)getpid());
  int life = 20 + rand() % 80;
  for (;;) {
    while (children > 0 && waitpid(-1, NULL, WNOHANG) > 0) {
      children--;
      gone();
    }
    if (getpid() != root && children == 0 && --life <= 0) _exit(0);
    if (begin()) {
      const pid_t child = fork();
      if (child == 0) {
        __atomic_add_fetch(&shared->made, 1, __ATOMIC_SEQ_CST);
        children = 0;
        alarm(120);
        srand((unsigned)getpid());
        life = 20 + rand() % 80;
      } else if (child > 0) {
        children++;
      } else {
        gone();
      }
    }
    usleep((useconds_t)(5000 + rand() % 10000));
  }
}

static void count(int signal) {
  (void)signal;
  __atomic_add_fetch(&shared->signals, 1, __ATOMIC_SEQ_CST);
}

static void neighbour(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);
  for (int i = 1; i < 65; i++) {
    if (i != SIGKILL && i != SIGSTOP) signal(i, count);
  }
  for (;;) pause();
}

// Those of the tree whose parents have ended are this process's children, and are waited for here, as in the tree.
static void reap(int signal) {
  (void)signal;
  while (waitpid(-root, NULL, WNOHANG) > 0) gone();
}

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  most = atol(argv[1]);
  const long neighbours = atol(argv[2]);
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pid_t* pids = calloc((size_t)neighbours + 1, sizeof *pids);
  if (shared == MAP_FAILED || pids == NULL) return 1;
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  const pid_t me = getpid();
  for (long i = 0; i < neighbours; i++) {
    // The tree's root is among them, not before them.
    if (i == neighbours / 2) {
      shared->alive = shared->made = 1;
      root = fork();
      if (root == 0) {
        root = getpid();
        setpgid(0, 0);
        if (atoi(argv[3]) != 0) signal(SIGTERM, SIG_IGN);
        live();
      }
      setpgid(root, root);
    }
    pids[i] = fork();
    if (pids[i] == 0) neighbour(me);
    if (pids[i] < 0 || root < 0) return 1;
  }
  struct sigaction action = {.sa_handler = reap, .sa_flags = SA_RESTART};
  sigaction(SIGCHLD, &action, NULL);
  printf("%d", (int)root);
  for (long i = 0; i < neighbours; i++) printf(" %d", (int)pids[i]);
  printf("\n");
  fflush(stdout);
  char line[16];
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (strcmp(line, "made\n") == 0) {
      printf("%ld %ld\n", __atomic_load_n(&shared->made, __ATOMIC_SEQ_CST),
             __atomic_load_n(&shared->alive, __ATOMIC_SEQ_CST));
    } else {
      int harmed = 0;
      for (long i = 0; i < neighbours; i++) {
        harmed += waitpid(pids[i], NULL, WNOHANG | WUNTRACED | WCONTINUED) != 0;
      }
      printf("%ld %d\n", __atomic_load_n(&shared->signals, __ATOMIC_SEQ_CST), harmed);
    }
    fflush(stdout);
  }
  kill(-root, SIGKILL);
  return 0;
}
