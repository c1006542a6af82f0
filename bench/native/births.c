/*
 * Processes that end at once: what events are of.
 *
 *     births
 *
 * Each line on stdin is a number. It starts so many processes, one after the other, waits for each, and answers with the
 * nanoseconds for all of them. Ends when stdin does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

int main(void) {
  char line[64];
  while (fgets(line, sizeof line, stdin) != NULL) {
    const long count = atol(line);
    const int64_t began = nanoseconds();
    for (long i = 0; i < count; i++) {
      const pid_t child = fork();
      if (child == 0) _exit(0);
      if (child < 0 || waitpid(child, NULL, 0) != child) {
        perror("births");
        return 1;
      }
    }
    printf("%lld\n", (long long)(nanoseconds() - began));
    fflush(stdout);
  }
  return 0;
}
