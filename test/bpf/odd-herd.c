/*
 * One process of every odd kind, frozen: what two ways of reading must agree on. Prints "ready" and the PIDs,
 * and ends them all when its input ends. Needs root.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "odd-privileges.h"
#include "odd-usage.h"
#include "odd.h"

enum { MOST = 128, MOST_GROUPS = 65536 };

static pid_t herd[MOST];
static int size = 0;

static void nothing(int signal) { (void)signal; }

static void in_groups(long count) {
  static gid_t groups[MOST_GROUPS];
  for (long i = 0; i < count; i++) groups[i] = (gid_t)(100000 + i);
  must(setgroups((size_t)count, groups), "setgroups");
}

static void named(long which) {
  static const char *const names[] = {"", "fifteen bytes..", "\xff\xfe\xc3(", "a\nb\\n\\c\td", ") R 1 2 (", "  "};
  must(prctl(PR_SET_NAME, names[which]), "PR_SET_NAME");
}

static void limited(long which) {
  for (int resource = 0; resource < RLIM_NLIMITS; resource++) {
    struct rlimit limit;
    must(getrlimit(resource, &limit), "getrlimit");
    const rlim_t wanted = which == 0 ? 0 : which == 1 ? RLIM_INFINITY - 1 : (rlim_t)1 << (40 + resource);
    /* What this process itself needs to get on. */
    if (resource == RLIMIT_AS || resource == RLIMIT_DATA || resource == RLIMIT_CPU || resource == RLIMIT_STACK) continue;
    limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
    must(setrlimit(resource, &limit), "setrlimit");
  }
}

static void blocking(long which) {
  sigset_t set;
  sigemptyset(&set);
  if (which == 0) sigfillset(&set);
  if (which > 0) sigaddset(&set, (int)which);
  must(sigprocmask(SIG_SETMASK, &set, NULL), "sigprocmask");
}

static void handling(long handler) {
  for (int number = 1; number <= 64; number++) {
    if (number % 3 == 0) signal(number, handler == 0 ? SIG_IGN : nothing);
  }
}

static void pending(long which) {
  blocking(0);
  union sigval value = {.sival_int = 1};
  if (which == 0) must(kill(getpid(), SIGUSR1), "kill");
  if (which == 1) must((int)syscall(SYS_tgkill, getpid(), getpid(), SIGUSR2), "tgkill");
  if (which == 2) must(sigqueue(getpid(), 64, value), "sigqueue");
  if (which == 3) must((int)syscall(SYS_tgkill, getpid(), getpid(), 40), "tgkill");
}

static void of_user(long which) {
  if (which == 0) {
    must(setresgid(2001, 2002, 2003), "setresgid");
    must(setresuid(1001, 1002, 1003), "setresuid");
  } else {
    must(setgroups(0, NULL), "setgroups");
    must(setresgid(4294967294u, 4294967294u, 4294967294u), "setresgid");
    must(setresuid(4294967294u, 4294967294u, 4294967294u), "setresuid");
  }
}

static void masked(long mask) { umask((mode_t)mask); }
static void plain(long unused) { (void)unused; }

static void in_session(long which) {
  if (which == 0) must(setsid() < 0, "setsid");
  if (which == 1) must(setpgid(0, 0), "setpgid");
}

static void ended(long unused) {
  (void)unused;
  print_ready();
  _exit(3);
}

static void stopped(long unused) {
  (void)unused;
  print_ready();
  raise(SIGSTOP);
}

static pid_t grown_in_thread;

static void *fork_in_thread(void *unused) {
  grown_in_thread = fork();
  if (grown_in_thread == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) pause();
  }
  print_ready();
  return pause_in_thread(unused);
}

/* Its child's parent is a thread of it. */
static void parent_by_thread(long unused) {
  (void)unused;
  start_thread(fork_in_thread);
  for (;;) pause();
}

static void scheduled(long policy) {
  const struct sched_param how = {.sched_priority = policy == SCHED_FIFO ? 7 : policy == SCHED_RR ? 99 : 0};
  must(sched_setscheduler(0, (int)policy, &how), "sched_setscheduler");
}

static void nice_to(long value) { must(setpriority(PRIO_PROCESS, 0, (int)value), "setpriority"); }

static void on_processor(long number) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET((size_t)number, &set);
  sched_setaffinity(0, sizeof set, &set); /* which there may not be */
}

static void oom_adjusted(long value) {
  char text[16];
  const int length = snprintf(text, sizeof text, "%ld", value);
  const int file = open("/proc/self/oom_score_adj", O_WRONLY);
  if (write(file, text, (size_t)length) != length) must(-1, "oom_score_adj");
  close(file);
}

static void at_terminal(long unused) {
  (void)unused;
  const int off = 0;
  char path[32];
  int number = -1;
  const int master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
  if (master < 0) return; /* the machine has no terminals */
  must(ioctl(master, TIOCSPTLCK, &off), "TIOCSPTLCK");
  must(ioctl(master, TIOCGPTN, &number), "TIOCGPTN");
  snprintf(path, sizeof path, "/dev/pts/%d", number);
  must(setsid() < 0, "setsid");
  const int terminal = open(path, O_RDWR | O_NOCTTY);
  if (terminal < 0) return;
  must(ioctl(terminal, TIOCSCTTY, 0), "TIOCSCTTY");
}

static void add(void (*become)(long), long how) {
  if (size == MOST) abort();
  const pid_t parent = getpid();
  const pid_t child = fork();
  must(child < 0, "fork");
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    close(STDIN_FILENO);
    close(STDOUT_FILENO);
    become(how);
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a change of user forgets it */
    print_ready();
    for (;;) pause();
  }
  herd[size++] = child;
  char byte;
  if (read(ready[0], &byte, 1) != 1) must(-1, "a member has not become what it is to be");
}

int main(void) {
  must(pipe(ready), "pipe");
  const long groups[] = {0, 1, 2, 31, 32, 33, 39, 1023, 1024, 1025, MOST_GROUPS};
  for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) add(in_groups, groups[i]);
  for (long which = 0; which < 6; which++) add(named, which);
  for (long which = 0; which < 3; which++) add(limited, which);
  const long blocked[] = {0, SIGTERM, 33, 34, 64};
  for (size_t i = 0; i < sizeof blocked / sizeof *blocked; i++) add(blocking, blocked[i]);
  for (long which = 0; which < 2; which++) add(handling, which);
  for (long which = 0; which < 4; which++) add(pending, which);
  for (long which = 0; which < 2; which++) add(of_user, which);
  for (long which = 0; which < 2; which++) add(in_session, which);
  const long masks[] = {0, 0777, 0123};
  for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) add(masked, masks[i]);
  add(plain, 0);
  add(threaded, 5);
  add(leaderless, 0);
  add(ended, 0);
  add(stopped, 0);
  add(parent_by_thread, 0);
  for (long took = 5; took <= 125; took *= 5) add(worked, took);
  for (long living = 0; living < 3; living += 2) add(with_ended_threads, living);
  add(leaderless_after_work, 0);
  add(with_reaped_children, 2);
  for (long kind = 0; kind < 3; kind++) add(with_memory, kind);
  const long policies[] = {SCHED_FIFO, SCHED_RR, SCHED_BATCH, SCHED_IDLE};
  for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) add(scheduled, policies[i]);
  for (long value = -20; value <= 19; value += 13) add(nice_to, value);
  for (long number = 0; number < 2; number++) add(on_processor, number);
  for (long value = 500; value <= 1000; value += 500) add(oom_adjusted, value);
  for (long which = 0; which < 2; which++) add(without_capabilities, which);
  add(confined, SECCOMP_MODE_STRICT);
  add(confined, SECCOMP_MODE_FILTER);
  add(without_new_privileges, 0);
  add(unshared, CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWCGROUP);
  add(unshared, CLONE_NEWUSER);
  add(at_terminal, 0);
  printf("ready");
  for (int i = 0; i < size; i++) printf(" %d", herd[i]);
  printf("\n");
  fflush(stdout);
  while (getchar() != EOF) continue;
  for (int i = 0; i < size; i++) kill(herd[i], SIGKILL);
  return 0;
}
