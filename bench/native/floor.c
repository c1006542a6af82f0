/*
 * The floor: the least that a program must do to read what a scan returns.
 *
 *     floor
 *
 * Each line on stdin names what to do once for every process: any of the words "list", "limits", "namespaces" and the names
 * of files, as in "status limits" (listing is always done), and "shared" where a second thread is to take every other process.
 * Both list then, and share one table of descriptors, as the threads of any program do. With "held" a process's file stays open
 * from one round to the next. The answer is one line: how many processes there were, and nanoseconds for all of them. It ends
 * when stdin does.
 *
 *   list    getdents64 on /proc
 *   status, stat, statm, cmdline, io, oom_score_adj
 *           openat, read and close of /proc/PID/status and so on, beneath a descriptor of /proc that is held
 *   held    pread of /proc/PID/stat, from a descriptor that the first round with this word has opened
 *   limits  sixteen times prlimit64
 *   namespaces  openat of /proc/PID/ns, and fstatat of its eight links
 *
 * Nothing is parsed, nothing is stored, no stdio takes part in the measured work.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clock.h"

struct entry { /* struct linux_dirent64 */
  uint64_t inode;
  int64_t next;
  uint16_t length;
  uint8_t type;
  char name[];
};

enum { LISTING = 32 * 1024, TEXT = 16 * 1024, FILES = 6, LIMITS = 1 << FILES, SHARED = 2 << FILES, NAMESPACES = 4 << FILES, HELD = 8 << FILES };
/* The largest PID and one. */
enum { PIDS = 1 << 22 };

/* Each is the bit of its place. */
static const char *const files[FILES] = {"status", "stat", "statm", "cmdline", "io", "oom_score_adj"};

static _Thread_local char listing[LISTING] __attribute__((aligned(8)));
static _Thread_local char text[TEXT];

/* How many bytes there were; a process that has gone meanwhile has none. */
static ssize_t read_file(int proc, const char *pid, size_t digits, const char *name) {
  char path[32];
  memcpy(path, pid, digits);
  path[digits] = '/';
  strcpy(path + digits + 1, name);
  const int file = openat(proc, path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  const ssize_t length = read(file, text, sizeof text);
  close(file);
  return length;
}

/* A descriptor is bound to its process: when that has ended, reading fails, and another one may have its PID. */
static void read_held(int proc, const char *pid, size_t digits) {
  static int held[PIDS];
  int *const file = &held[atoi(pid) % PIDS];
  if (*file > 0 && pread(*file, text, sizeof text, 0) > 0) return;
  if (*file > 0) close(*file);
  char path[32];
  memcpy(path, pid, digits);
  memcpy(path + digits, "/stat", sizeof "/stat");
  *file = openat(proc, path, O_RDONLY | O_CLOEXEC);
  if (*file > 0 && pread(*file, text, sizeof text, 0) > 0) return;
  if (*file > 0) close(*file);
  *file = 0;
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
      const size_t digits = strlen(entry->name);
      for (int file = 0; file < FILES; file++) {
        if (share->work & 1 << file) read_file(proc, entry->name, digits, files[file]);
      }
      if (share->work & HELD) read_held(proc, entry->name, digits);
      if (share->work & LIMITS) read_limits(entry->name);
      if (share->work & NAMESPACES) read_namespaces(proc, entry->name, digits);
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

static int work_named(const char *word) {
  if (strcmp(word, "limits") == 0) return LIMITS;
  if (strcmp(word, "shared") == 0) return SHARED;
  if (strcmp(word, "held") == 0) return HELD;
  if (strcmp(word, "namespaces") == 0) return NAMESPACES;
  for (int file = 0; file < FILES; file++) {
    if (strcmp(word, files[file]) == 0) return 1 << file;
  }
  return 0;
}

int main(void) {
  char line[128];
  struct rlimit descriptors;
  if (getrlimit(RLIMIT_NOFILE, &descriptors) == 0) {
    descriptors.rlim_cur = descriptors.rlim_max;
    setrlimit(RLIMIT_NOFILE, &descriptors);
  }
  while (fgets(line, sizeof line, stdin) != NULL) {
    int work = 0;
    for (char *word = strtok(line, " \n"); word != NULL; word = strtok(NULL, " \n")) work |= work_named(word);
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
