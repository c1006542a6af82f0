/*
 * How much processor time a program has used.
 *
 *     cputime
 *
 * Each line on stdin is a PID. The answer is one line: nanoseconds of that process, of all its threads and of those that have
 * ended, and of the children that it has waited for. The children are counted in ticks. It ends when stdin does.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t own(pid_t pid) {
  clockid_t clock;
  struct timespec time;
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0) return -1;
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* cutime and cstime of proc_pid_stat(5). */
static int64_t of_children(pid_t pid) {
  char path[32], text[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  FILE *file = fopen(path, "r");
  if (file == NULL) return -1;
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  const char *at = strrchr(text, ')');
  long long user, system;
  if (at == NULL || sscanf(at + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %lld %lld", &user, &system) != 2) return -1;
  return (user + system) * (1000000000 / sysconf(_SC_CLK_TCK));
}

int main(void) {
  char line[32];
  while (fgets(line, sizeof line, stdin) != NULL) {
    const pid_t pid = (pid_t)atol(line);
    const int64_t used = own(pid), children = of_children(pid);
    printf("%lld\n", used < 0 || children < 0 ? -1 : (long long)(used + children));
    fflush(stdout);
  }
  return 0;
}
