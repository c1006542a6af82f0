// Processes that come and go as fast as they can, and some that stand. Each bears marks that follow from its PID, set
// before the name that says that they are set: umask PID & 0777, RLIMIT_RSS PID, and the name p<PID>, or s<PID> of
// those that stand.
//
//   forker STANDING WORKERS RECYCLED
//
// prints the PIDs of those that stand, forks until its input ends, and prints how many came and went. With RECYCLED above
// 0 each worker goes back to the same PIDs after so many: it writes /proc/sys/kernel/ns_last_pid. No process outlives it.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { kAtOnce = 24 };

static void die_with_parent(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
}

static void mark(char kind) {
  const pid_t pid = getpid();
  const struct rlimit limit = {(rlim_t)pid, RLIM_INFINITY};
  char name[16];
  umask((mode_t)pid & 0777);
  setrlimit(RLIMIT_RSS, &limit);
  snprintf(name, sizeof name, "%c%d", kind, (int)pid);
  prctl(PR_SET_NAME, name);
}

static void stand(pid_t parent, int ready) {
  die_with_parent(parent);
  mark('s');
  if (write(ready, "", 1) != 1) _exit(1);
  for (;;) pause();
}

static void go_back_to(pid_t pid) {
  char text[16];
  const int file = open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  const int length = snprintf(text, sizeof text, "%d", (int)pid);
  if (write(file, text, (size_t)length) < 0) _exit(1);
  close(file);
}

static void work(pid_t parent, long recycled, volatile long* count) {
  die_with_parent(parent);
  int alive = 0;
  pid_t first = 0;
  for (;;) {
    if (recycled > 0 && *count % recycled == 0 && first != 0) go_back_to(first);
    const pid_t me = getpid();
    const pid_t child = fork();
    if (child == 0) {
      die_with_parent(me);
      mark('p');
      // Some live long enough to be asked more than once.
      usleep(getpid() % 16 == 0 ? 20000 : (useconds_t)(1 + getpid() % 7) * 500);
      _exit(0);
    }
    if (child < 0) {
      if (alive == 0) _exit(2);
    } else {
      if (first == 0) first = child;
      alive++;
      ++*count;
    }
    while (alive > 0 && waitpid(-1, NULL, alive < kAtOnce && child > 0 ? WNOHANG : 0) > 0) alive--;
  }
}

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const long standing = atol(argv[1]);
  const long workers = atol(argv[2]);
  const long recycled = atol(argv[3]);
  long* counts = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  int ready[2];
  if (counts == MAP_FAILED || pipe(ready) != 0 || workers > 64) return 1;
  const pid_t me = getpid();
  pid_t* stands = calloc((size_t)standing + 1, sizeof *stands);
  if (stands == NULL) return 1;
  for (long i = 0; i < standing; i++) {
    char byte;
    stands[i] = fork();
    if (stands[i] == 0) stand(me, ready[1]);
    if (stands[i] < 0 || read(ready[0], &byte, 1) != 1) return 1;
    printf("%d ", (int)stands[i]);
  }
  printf("\n");
  fflush(stdout);
  // Those that end when their parent does are waited for here, not by PID 1.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  pid_t working[64];
  for (long i = 0; i < workers; i++) {
    working[i] = fork();
    if (working[i] == 0) work(me, recycled, &counts[i]);
  }
  char byte;
  while (read(0, &byte, 1) > 0) continue;
  long sum = 0;
  for (long i = 0; i < workers; i++) {
    sum += counts[i];
    if (working[i] > 0) kill(working[i], SIGKILL);
  }
  for (long i = 0; i < standing; i++) kill(stands[i], SIGKILL);
  while (waitpid(-1, NULL, 0) > 0) continue;
  printf("%ld\n", sum);
  return 0;
}
