/* Which calls fail, as the program under test writes it, see failing-calls.c. */
#pragma once

#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* faults.ts counts them alike. */
enum call {
  OPENAT = 1,
  READ,
  CLOSE,
  FSTATFS,
  FACCESSAT,
  GETPGID,
  GETSID,
  GETDENTS64,
  PRLIMIT64,
  TGKILL,
  PIDFD_OPEN,
  PIDFD_SEND_SIGNAL,
  BPF,
  CAPGET,
  SOCKET,
  BIND,
  SEND,
  RECVFROM,
  MMAP,
  EPOLL_CREATE1,
  EPOLL_CTL,
  EPOLL_WAIT,
  IOCTL,
  KILL,
  STATX,
  READLINKAT,
};

struct plan {
  int32_t calls;   /* which: a bit each */
  int32_t error;   /* the errno; 0: a short read of `size` bytes; below 0: it takes `size` milliseconds */
  int32_t skip;    /* so many pass first */
  int32_t times;   /* then so many fail */
  int32_t size;
  int32_t failed;  /* how many have */
};

static struct plan *plan;

__attribute__((constructor)) static void open_plan(void) {
  const char *path = getenv("FAILING_CALLS");
  int file = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  void *mapped = mmap(NULL, sizeof *plan, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (mapped != MAP_FAILED) plan = mapped;
}

static int is_ours(const void *caller) {
  Dl_info info;
  return dladdr(caller, &info) != 0 && info.dli_fname != NULL && strstr(info.dli_fname, "psutil_extra") != NULL;
}

static int is_meant(int call) {
  return plan != NULL && call != 0 && (__atomic_load_n(&plan->calls, __ATOMIC_SEQ_CST) >> call & 1) != 0;
}

/* Whether this one is to fail. */
static int takes_its_turn(void) {
  if (__atomic_sub_fetch(&plan->skip, 1, __ATOMIC_SEQ_CST) >= 0) return 0;
  if (__atomic_sub_fetch(&plan->times, 1, __ATOMIC_SEQ_CST) < 0) return 0;
  __atomic_add_fetch(&plan->failed, 1, __ATOMIC_SEQ_CST);
  return 1;
}
