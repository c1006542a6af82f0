/*
 * A herd of real processes that do nothing, or little: what a scan scans.
 *
 *     herd SLEEPER
 *
 * Each line on stdin that holds a number makes the herd that large, of children that run the program SLEEPER, and is
 * answered with "ready NUMBER". When stdin closes, all of them end, and so does this.
 * Should this program die in any other way, the kernel ends the children (PR_SET_PDEATHSIG).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 1 << 22 };

static pid_t herd[MOST];
static long size = 0;

/* A few different values of what is read, so that no reader gets by with having seen one of them. All of them outlive
 * exec. */
static void differ(long number) {
  umask((mode_t)(number % 8 * 9));
  sigset_t blocked;
  sigemptyset(&blocked);
  if (number % 3 == 0) sigaddset(&blocked, SIGUSR1);
  if (number % 5 == 0) sigaddset(&blocked, SIGWINCH);
  sigprocmask(SIG_SETMASK, &blocked, NULL);
  if (number % 7 == 0) signal(SIGHUP, SIG_IGN);
  if (number % 11 == 0) setpgid(0, 0);
  struct rlimit files;
  if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur > 256) {
    files.rlim_cur -= (rlim_t)(number % 4 * 16);
    setrlimit(RLIMIT_NOFILE, &files);
  }
}

static void sleep_for_ever(const char *sleeper, long number, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0); /* it died before it could be watched */
  /* A reader of stdout waits until every process has closed it. */
  close(STDIN_FILENO);
  close(STDOUT_FILENO);
  differ(number);
  execl(sleeper, "herd", (char *)NULL);
  fprintf(stderr, "herd: %s: %s\n", sleeper, strerror(errno));
  _exit(1);
}

static int grow(const char *sleeper, long count) {
  const pid_t parent = getpid();
  while (size < count) {
    const pid_t child = fork();
    if (child == 0) sleep_for_ever(sleeper, size, parent);
    if (child < 0) {
      fprintf(stderr, "herd: fork: %s, with %ld processes\n", strerror(errno), size);
      return -1;
    }
    herd[size++] = child;
  }
  return 0;
}

static void shrink(long count) {
  for (long i = count; i < size; i++) kill(herd[i], SIGKILL);
  while (size > count) {
    if (waitpid(herd[size - 1], NULL, 0) < 0 && errno == EINTR) continue;
    size--;
  }
}

static int resize(const char *sleeper, const char *text) {
  char *end;
  errno = 0;
  const long count = strtol(text, &end, 10);
  if (errno != 0 || end == text || (*end != '\0' && *end != '\n') || count < 0 || count > MOST) {
    fprintf(stderr, "herd: not a number of processes: %s\n", text);
    return -1;
  }
  if (count > size && grow(sleeper, count) != 0) return -1;
  shrink(count);
  printf("ready %ld\n", count);
  fflush(stdout);
  return 0;
}

int main(int argc, char **argv) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (argc != 2) {
    fprintf(stderr, "usage: herd SLEEPER\n");
    return 2;
  }
  int failed = 0;
  char line[64];
  while (!failed && fgets(line, sizeof line, stdin) != NULL) failed = resize(argv[1], line) != 0;
  shrink(0);
  return failed;
}
