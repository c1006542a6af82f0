// Many processes that wait for the word to end, each with an exit code of its own:
//
//   mortals COUNT
//
// prints their PIDs, in the order in which they began: the first ends with 0, the next one with 1, and so on up to 199, and from
// 0 again. Then it reads a line, does what it says and prints a line. None outlives it.
//
//   end     all end; none is waited for
//   reap    waits for those that have ended
//   both    all end, and each is waited for at once
//
// SIGUSR1 is the word too.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { kCodes = 200 };

static int word[2];

static void give_word(int signal) {
  (void)signal;
  close(word[1]);
}

static void wait_for_word(pid_t parent, int code) {
  signal(SIGUSR1, SIG_IGN);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(255);
  close(word[1]);
  char byte;
  while (read(word[0], &byte, 1) > 0) continue;
  _exit(code);
}

int main(int argc, char** argv) {
  if (argc != 2 || pipe(word) != 0) return 2;
  const int count = atoi(argv[1]);
  const pid_t me = getpid();
  pid_t* pids = calloc((size_t)count, sizeof *pids);
  if (pids == NULL) return 1;
  for (int i = 0; i < count; i++) {
    pids[i] = fork();
    if (pids[i] == 0) wait_for_word(me, i % kCodes);
    if (pids[i] < 0) {
      perror("fork");
      return 1;
    }
  }
  signal(SIGUSR1, give_word);
  for (int i = 0; i < count; i++) printf("%d ", (int)pids[i]);
  printf("\n");
  fflush(stdout);
  char line[16];
  while (fgets(line, sizeof line, stdin) != NULL) {
    int done = 0;
    if (strcmp(line, "reap\n") != 0) close(word[1]);
    if (strcmp(line, "end\n") != 0) {
      while (waitpid(-1, NULL, 0) > 0) done++;
    }
    printf("%d\n", done);
    fflush(stdout);
  }
  return 0;
}
