/*
 * Trees of real processes that do nothing: what is listed and killed.
 *
 *     tree SLEEPER
 *
 * A line "BRANCHES LEAVES" on stdin makes a process with BRANCHES children that have LEAVES children each, all of which run the
 * program SLEEPER. It is answered with the PID of the root. Once every process of the tree has ended and has been waited for,
 * "gone" follows. Ends when stdin does. If the program that started it ends, it kills what is left of the tree: a parent death
 * signal of the tree's processes would help the programs that kill them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile pid_t root = 0;

static void kill_tree(int signal) {
  (void)signal;
  if (root > 0) kill(-root, SIGKILL);
  _exit(1);
}

static int become(const char *sleeper) {
  /* A reader of stdout waits until every process has closed it. */
  close(STDIN_FILENO);
  close(STDOUT_FILENO);
  execl(sleeper, "tree", (char *)NULL);
  fprintf(stderr, "tree: %s: %s\n", sleeper, strerror(errno));
  return 1;
}

/* Has `children` children, which have `below` each, and then sleeps. */
static int grow(const char *sleeper, int children, int below) {
  for (int i = 0; i < children; i++) {
    const pid_t child = fork();
    if (child == 0) {
      /* It goes on as one that has children of its own, and no siblings to make. */
      children = below;
      below = 0;
      i = -1;
    }
    if (child < 0) fprintf(stderr, "tree: fork: %s\n", strerror(errno));
  }
  return become(sleeper);
}

static int make(const char *sleeper, int branches, int leaves) {
  int started[2]; /* closed by exec: its end says that all of them sleep */
  if (pipe2(started, O_CLOEXEC) != 0) return -1;
  root = fork();
  if (root < 0) return -1;
  if (root == 0) {
    setpgid(0, 0);
    signal(SIGTERM, SIG_DFL);
    _exit(grow(sleeper, branches, leaves));
  }
  setpgid(root, root);
  close(started[1]);
  char byte;
  while (read(started[0], &byte, 1) < 0 && errno == EINTR) continue;
  close(started[0]);
  printf("%d\n", root);
  fflush(stdout);
  /* It is the reaper of what is orphaned. */
  while (wait(NULL) > 0 || errno == EINTR) continue;
  root = 0;
  puts("gone");
  fflush(stdout);
  return 0;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: tree SLEEPER\n");
    return 2;
  }
  signal(SIGTERM, kill_tree);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  char line[64];
  while (fgets(line, sizeof line, stdin) != NULL) {
    int branches, leaves;
    if (sscanf(line, "%d %d", &branches, &leaves) != 2 || make(argv[1], branches, leaves) != 0) {
      fprintf(stderr, "tree: no tree of %s", line);
      return 1;
    }
  }
  return 0;
}
