/*
 * Loaded before the C library (LD_PRELOAD): makes calls fail that psutil_extra.node makes, and no others. Which, how
 * and how often stands in the file that FAILING_CALLS names, which the program under test writes while it runs.
 *
 * Calls that go through the C library are met by functions of the same name. Those that the addon makes itself are met in
 * the kernel: once the addon has been loaded, a seccomp filter turns each that is made from its code into a signal, whose
 * handler makes the call in its stead, or does not.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <link.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <ucontext.h>
#include <unistd.h>

#include "failing-plan.h"

#define FAIL(call, result)                                                               \
  do {                                                                                   \
    if (is_meant(call) && is_ours(__builtin_return_address(0)) && takes_its_turn()) {    \
      errno = plan->error;                                                               \
      return result;                                                                     \
    }                                                                                    \
  } while (0)

#define REAL(name)              \
  static __typeof__(name) *real; \
  if (real == NULL) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

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

int socket(int domain, int type, int protocol) {
  REAL(socket);
  FAIL(SOCKET, -1);
  return real(domain, type, protocol);
}

int bind(int file, const struct sockaddr *address, socklen_t size) {
  REAL(bind);
  FAIL(BIND, -1);
  return real(file, address, size);
}

ssize_t send(int file, const void *bytes, size_t size, int flags) {
  REAL(send);
  FAIL(SEND, -1);
  return real(file, bytes, size, flags);
}

ssize_t recvfrom(int file, void *bytes, size_t size, int flags, struct sockaddr *from, socklen_t *length) {
  REAL(recvfrom);
  FAIL(RECVFROM, -1);
  return real(file, bytes, size, flags, from, length);
}

void *mmap64(void *at, size_t size, int protection, int flags, int file, off64_t offset) {
  REAL(mmap64);
  FAIL(MMAP, MAP_FAILED);
  return real(at, size, protection, flags, file, offset);
}

int epoll_create1(int flags) {
  REAL(epoll_create1);
  FAIL(EPOLL_CREATE1, -1);
  return real(flags);
}

int epoll_ctl(int poll, int operation, int file, struct epoll_event *event) {
  REAL(epoll_ctl);
  FAIL(EPOLL_CTL, -1);
  return real(poll, operation, file, event);
}

int epoll_wait(int poll, struct epoll_event *events, int most, int timeout) {
  REAL(epoll_wait);
  FAIL(EPOLL_WAIT, -1);
  return real(poll, events, most, timeout);
}

int kill(pid_t pid, int number) {
  REAL(kill);
  FAIL(KILL, -1);
  return real(pid, number);
}

ssize_t readlinkat(int directory, const char *path, char *to, size_t size) {
  REAL(readlinkat);
  FAIL(READLINKAT, -1);
  return real(directory, path, to, size);
}

/* Node makes it too, with one argument behind the request or none. */
int ioctl(int file, unsigned long request, ...) {
  REAL(ioctl);
  FAIL(IOCTL, -1);
  va_list list;
  va_start(list, request);
  void *argument = va_arg(list, void *);
  va_end(list);
  return real(file, request, argument);
}

static int call_of(long number) {
  switch (number) {
    case SYS_openat:
      return OPENAT;
    case SYS_read:
      return READ;
    case SYS_close:
      return CLOSE;
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
    case SYS_bpf:
      return BPF;
    case SYS_statx:
      return STATX;
    case SYS_capget:
      return CAPGET;
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

/* Below: calls that are made without the C library. */

#if defined(__x86_64__)
enum { MACHINE = AUDIT_ARCH_X86_64 };
#define RESULT(context) ((context)->uc_mcontext.gregs[REG_RAX])
#define ARGUMENTS(context)                                                                               \
  {(context)->uc_mcontext.gregs[REG_RDI], (context)->uc_mcontext.gregs[REG_RSI],                         \
   (context)->uc_mcontext.gregs[REG_RDX], (context)->uc_mcontext.gregs[REG_R10]}
#elif defined(__aarch64__)
enum { MACHINE = AUDIT_ARCH_AARCH64 };
#define RESULT(context) ((context)->uc_mcontext.regs[0])
#define ARGUMENTS(context)                                                   \
  {(long)(context)->uc_mcontext.regs[0], (long)(context)->uc_mcontext.regs[1], \
   (long)(context)->uc_mcontext.regs[2], (long)(context)->uc_mcontext.regs[3]}
#else
#error "What the addon does not call itself here, it calls through the C library."
#endif

static long (*real_call)(long number, ...);

static long make(int call, long number, const long *a) {
  const int fails = is_meant(call) && takes_its_turn();
  if (fails && plan->error > 0) {
    /* The kernel has closed it all the same. */
    if (call == CLOSE) real_call(number, a[0]);
    return -plan->error;
  }
  if (fails && plan->error < 0) usleep((useconds_t)plan->size * 1000);
  const int is_short = fails && plan->error == 0 && a[2] > plan->size;
  const long result = real_call(number, a[0], a[1], is_short ? plan->size : a[2], a[3]);
  return result < 0 ? -errno : result;
}

static void on_call(int signal, siginfo_t *about, void *interrupted) {
  (void)signal;
  ucontext_t *context = interrupted;
  const long arguments[4] = ARGUMENTS(context);
  const int before = errno;
  RESULT(context) = make(call_of(about->si_syscall), about->si_syscall, arguments);
  errno = before;
}

/* Code of the addon; `data` is where it begins and ends. */
static int find_code(struct dl_phdr_info *library, size_t size, void *data) {
  (void)size;
  uint64_t *range = data;
  if (strstr(library->dlpi_name, "psutil_extra") == NULL) return 0;
  for (int i = 0; i < library->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &library->dlpi_phdr[i];
    if (part->p_type != PT_LOAD || (part->p_flags & PF_X) == 0) continue;
    range[0] = library->dlpi_addr + part->p_vaddr;
    range[1] = range[0] + part->p_memsz;
    return 1;
  }
  return 0;
}

static void give_up(const char *why) {
  perror(why);
  abort();
}

static void catch_calls(void) {
  uint64_t range[2];
  if (dl_iterate_phdr(find_code, range) == 0 || range[0] >> 32 != range[1] >> 32) give_up("code of psutil_extra.node");
  real_call = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
  struct sigaction action = {.sa_sigaction = on_call, .sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESTART};
  if (sigaction(SIGSYS, &action, NULL) != 0) give_up("sigaction");
#define AT(member) (uint32_t) offsetof(struct seccomp_data, member)
  const uint32_t pointer = AT(instruction_pointer);
  struct sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, AT(arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 0, 11),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, pointer + 4),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(range[0] >> 32), 0, 9),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, pointer),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (uint32_t)range[0], 0, 7),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (uint32_t)range[1], 6, 0),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, AT(nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 3, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_read, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_close, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prlimit64, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const struct sock_fprog filter = {.len = sizeof program / sizeof *program, .filter = program};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) give_up("prctl");
  if (real_call(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter) != 0) give_up("seccomp");
}

void *dlopen(const char *path, int flags) {
  REAL(dlopen);
  void *library = real(path, flags);
  static int caught;
  if (library != NULL && path != NULL && strstr(path, "psutil_extra") != NULL && __atomic_exchange_n(&caught, 1, __ATOMIC_SEQ_CST) == 0) {
    catch_calls();
  }
  return library;
}
