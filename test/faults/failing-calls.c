/*
 * Loaded before the C library (LD_PRELOAD): lets calls that psutil_extra.node makes fail, and nobody else's. Which, how
 * and how often stands in the file that FAILING_CALLS names, which the program under test writes while it runs.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/types.h>
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
};

struct plan {
  int32_t call;
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

static int is_planned(int call, const void *caller) {
  if (plan == NULL || call == 0 || __atomic_load_n(&plan->call, __ATOMIC_SEQ_CST) != call || !is_ours(caller)) return 0;
  if (__atomic_sub_fetch(&plan->skip, 1, __ATOMIC_SEQ_CST) >= 0) return 0;
  if (__atomic_sub_fetch(&plan->times, 1, __ATOMIC_SEQ_CST) < 0) return 0;
  __atomic_add_fetch(&plan->failed, 1, __ATOMIC_SEQ_CST);
  return 1;
}

#define FAIL(call, result)                               \
  do {                                                   \
    if (is_planned(call, __builtin_return_address(0))) { \
      errno = plan->error;                               \
      return result;                                     \
    }                                                    \
  } while (0)

#define REAL(name)              \
  static __typeof__(name) *real; \
  if (real == NULL) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

int openat64(int directory, const char *path, int flags, ...) {
  REAL(openat64);
  FAIL(OPENAT, -1);
  va_list list;
  va_start(list, flags);
  int mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(list, int) : 0;
  va_end(list);
  return real(directory, path, flags, mode);
}

ssize_t read(int file, void *to, size_t size) {
  REAL(read);
  if (is_planned(READ, __builtin_return_address(0))) {
    if (plan->error < 0) {
      usleep((useconds_t)plan->size * 1000);
      return real(file, to, size);
    }
    if (plan->error == 0) return real(file, to, size < (size_t)plan->size ? size : (size_t)plan->size);
    errno = plan->error;
    return -1;
  }
  return real(file, to, size);
}

int close(int file) {
  REAL(close);
  /* The kernel has closed it all the same. */
  if (is_planned(CLOSE, __builtin_return_address(0))) {
    real(file);
    errno = plan->error;
    return -1;
  }
  return real(file);
}

int fstatfs64(int file, struct statfs64 *about) {
  REAL(fstatfs64);
  FAIL(FSTATFS, -1);
  return real(file, about);
}

int faccessat(int directory, const char *path, int mode, int flags) {
  REAL(faccessat);
  FAIL(FACCESSAT, -1);
  return real(directory, path, mode, flags);
}

pid_t getpgid(pid_t pid) {
  REAL(getpgid);
  FAIL(GETPGID, -1);
  return real(pid);
}

pid_t getsid(pid_t pid) {
  REAL(getsid);
  FAIL(GETSID, -1);
  return real(pid);
}

static int call_of(long number) {
  switch (number) {
    case SYS_getdents64:
      return GETDENTS64;
    case SYS_prlimit64:
      return PRLIMIT64;
    case SYS_tgkill:
      return TGKILL;
    case SYS_pidfd_open:
      return PIDFD_OPEN;
    case SYS_pidfd_send_signal:
      return PIDFD_SEND_SIGNAL;
  }
  return 0;
}

long syscall(long number, ...) {
  REAL(syscall);
  FAIL(call_of(number), -1);
  va_list list;
  va_start(list, number);
  long a[6];
  for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
  va_end(list);
  return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
