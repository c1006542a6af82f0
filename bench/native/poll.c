/*
 * The least that a wait for a process takes.
 *
 *     poll
 *
 * Each line on stdin is a PID. It opens a pidfd, kills the process, polls the pidfd, and answers with the nanoseconds from before
 * the signal until poll(2) has returned. Ends when stdin does.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clock.h"

int main(void) {
  char line[64];
  while (fgets(line, sizeof line, stdin) != NULL) {
    const pid_t pid = atoi(line);
    struct pollfd process = {.fd = pid > 0 ? (int)syscall(SYS_pidfd_open, pid, 0) : -1, .events = POLLIN};
    if (process.fd < 0) {
      perror("poll: pidfd_open");
      return 1;
    }
    const int64_t began = nanoseconds();
    kill(pid, SIGKILL);
    if (poll(&process, 1, -1) != 1) {
      perror("poll");
      return 1;
    }
    printf("%lld\n", (long long)(nanoseconds() - began));
    fflush(stdout);
    close(process.fd);
  }
  return 0;
}
