/* Makes short-lived processes: `births COUNT RATE`. Each executes this program anew and exits with a code of its own. Prints
   "pid code" of each, in the order in which they began, and then how long it took. RATE is the most a second, 0 for no limit. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char** argv) {
  if (argc == 2) return atoi(argv[1]);
  const int count = atoi(argv[1]);
  const double rate = atof(argv[2]);
  pid_t* pids = calloc((size_t)count, sizeof *pids);
  const double began = now();
  for (int i = 0; i < count; i++) {
    char code[16];
    snprintf(code, sizeof code, "%d", i % 200);
    char* const arguments[] = {"births", code, NULL};
    pid_t pid = vfork();
    if (pid == 0) {
      execv("/proc/self/exe", arguments);
      _exit(255);
    }
    if (pid < 0) return 1;
    pids[i] = pid;
    int status;
    waitpid(pid, &status, 0);
    const double ahead = rate > 0 ? i / rate - (now() - began) : 0;
    if (ahead > 0.001) usleep((useconds_t)(ahead * 1e6));
  }
  const double took = now() - began;
  for (int i = 0; i < count; i++) printf("%d %d\n", pids[i], i % 200);
  printf("took %f\n", took);
  return 0;
}
