/*
 * The floor: the least that a program must do to read what a scan of all fields returns.
 *
 *     floor
 *
 * Each line on stdin names what to do once for every process: any of the words "list", "status" and "limits", as in
 * "status limits" (listing is always done), and "shared" where a second thread is to take every other process. Both
 * list then, and share one table of descriptors, as the threads of any program do. "usage" and "namespaces" are for what a scan
 * by BPF brings besides. The answer is one line: how many
 * processes there were, and nanoseconds for all of them. It ends when stdin does.
 *
 *   list    getdents64 on /proc
 *   status  openat, read and close of /proc/PID/status, beneath a descriptor of /proc that is held
 *   limits  sixteen times prlimit64
 *   usage   stat, statm, io and oom_score_adj, as status
 *   namespaces  openat of /proc/PID/ns, and fstatat of its eight links
 *
 * Nothing is parsed, nothing is stored, no stdio takes part in the measured work.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct entry { /* struct linux_dirent64 */
  uint64_t inode;
  int64_t next;
  uint16_t length;
  uint8_t type;
  char name[];
};

enum { LISTING = 32 * 1024, TEXT = 16 * 1024, STATUS = 1, LIMITS = 2, SHARED = 4, USAGE = 8, NAMESPACES = 16 };

static _Thread_local char listing[LISTING] __attribute__((aligned(8)));
static _Thread_local char text[TEXT];

static int64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* How many bytes there were; a process that has gone meanwhile has none. */
static ssize_t read_status(int proc, const char *pid, size_t digits) {
  char path[32];
  memcpy(path, pid, digits);
  memcpy(path + digits, "/status", sizeof "/status");
  const int file = openat(proc, path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  const ssize_t length = read(file, text, sizeof text);
  close(file);
  return length;
}

static void read_usage(int proc, const char *pid, size_t digits) {
  static const char *const names[] = {"/stat", "/statm", "/io", "/oom_score_adj"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char path[32];
    memcpy(path, pid, digits);
    strcpy(path + digits, names[i]);
    const int file = openat(proc, path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    if (read(file, text, sizeof text) < 0) { /* denied: that takes no less */ }
    close(file);
  }
}

static void read_namespaces(int proc, const char *pid, size_t digits) {
  static const char *const names[] = {"cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"};
  char path[32];
  struct stat about;
  memcpy(path, pid, digits);
  memcpy(path + digits, "/ns", sizeof "/ns");
  const int directory = openat(proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (fstatat(directory, names[i], &about, 0) != 0) break;
  }
  close(directory);
}

static void read_limits(const char *digits) {
  pid_t pid = 0;
  for (; *digits != '\0'; digits++) pid = pid * 10 + (*digits - '0');
  struct rlimit limit;
  for (int resource = 0; resource < 16; resource++) {
    if (syscall(SYS_prlimit64, pid, resource, NULL, &limit) != 0) return;
  }
}

/* What one thread does of a round, and how many processes it came by; -1 where it failed. */
struct share {
  int work;
  long of;
  long which;
  long processes;
};

static void *do_share(void *argument) {
  struct share *share = argument;
  share->processes = -1;
  const int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (proc < 0) return NULL;
  long processes = 0;
  long length;
  while ((length = syscall(SYS_getdents64, proc, listing, sizeof listing)) > 0) {
    for (long at = 0; at < length;) {
      const struct entry *entry = (const struct entry *)(listing + at);
      at += entry->length;
      if (entry->name[0] < '1' || entry->name[0] > '9') continue;
      if (processes++ % share->of != share->which) continue;
      if (share->work & STATUS) read_status(proc, entry->name, strlen(entry->name));
      if (share->work & LIMITS) read_limits(entry->name);
      if (share->work & USAGE) read_usage(proc, entry->name, strlen(entry->name));
      if (share->work & NAMESPACES) read_namespaces(proc, entry->name, strlen(entry->name));
    }
  }
  close(proc);
  if (length == 0) share->processes = processes;
  return NULL;
}

/* One round over every process; how many there were, or -1. */
static long round_of(int work) {
  const long of = work & SHARED ? 2 : 1;
  struct share first = {.work = work, .of = of, .which = 0};
  struct share second = {.work = work, .of = of, .which = 1};
  pthread_t thread;
  if (of == 2 && pthread_create(&thread, NULL, do_share, &second) != 0) return -1;
  do_share(&first);
  if (of == 2) pthread_join(thread, NULL);
  return of == 2 && second.processes < 0 ? -1 : first.processes;
}

int main(void) {
  char line[64];
  while (fgets(line, sizeof line, stdin) != NULL) {
    int work = 0;
    if (strstr(line, "status") != NULL) work |= STATUS;
    if (strstr(line, "limits") != NULL) work |= LIMITS;
    if (strstr(line, "usage") != NULL) work |= USAGE;
    if (strstr(line, "namespaces") != NULL) work |= NAMESPACES;
    if (strstr(line, "shared") != NULL) work |= SHARED;
    const int64_t began = nanoseconds();
    const long processes = round_of(work);
    const int64_t took = nanoseconds() - began;
    if (processes < 0) {
      perror("floor: /proc");
      return 1;
    }
    printf("%ld %lld\n", processes, (long long)took);
    fflush(stdout);
  }
  return 0;
}
