/* A crowd of processes that sleep: crowd COUNT. For each line it does one thing:

     begin     begins one more, and answers with its PID
     end PID   ends that one, waits for it, and answers

   They end with this program. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t begin(void) {
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid != 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);
  for (;;) pause();
}

int main(int argc, char **argv) {
  for (int i = argc > 1 ? atoi(argv[1]) : 0; i > 0; i--) {
    if (begin() < 0) return 1;
  }
  puts("ready");
  fflush(stdout);
  char line[64];
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (strncmp(line, "end ", 4) == 0) {
      const pid_t pid = atoi(line + 4);
      kill(pid, SIGKILL);
      waitpid(pid, NULL, 0);
      puts("done");
    } else {
      printf("%d\n", begin());
    }
    fflush(stdout);
  }
}
