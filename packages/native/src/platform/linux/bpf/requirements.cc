#include "platform/linux/bpf/requirements.h"

#include <fcntl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string_view>

#include "platform/linux/bpf/light_program.h"
#include "platform/linux/bpf/privileges.h"
#include "platform/linux/proc_root.h"
#include "platform/shared/errno.h"

namespace psutil {
namespace {

Failure about(Failure failure, const char* text) {
  failure.about = text;
  return failure;
}

// It will be so for as long as this program runs.
Failure lasting(Failure failure) {
  failure.lasts = true;
  return failure;
}

// The release that uname returns. A distribution with newer code under an older number counts by its number.
bool is_old_kernel() {
  utsname names;
  if (uname(&names) != 0) return false;
  int major = 0;
  int minor = 0;
  if (std::sscanf(names.release, "%d.%d", &major, &minor) != 2) return false;
  return major < 5 || (major == 5 && minor < 17);
}

// The types of the running kernel. Without /sys, only an attempt shows whether it works.
bool lacks_types() {
  return access("/sys/kernel/btf/vmlinux", F_OK) != 0 && errno == ENOENT && access("/sys/kernel", F_OK) == 0;
}

bool is_locked_down() {
  const Descriptor file(open("/sys/kernel/security/lockdown", O_RDONLY | O_CLOEXEC));
  char text[128];
  const ssize_t got = file.get() < 0 ? 0 : read(file.get(), text, sizeof text);
  return got > 0 && std::string_view(text, static_cast<size_t>(got)).find("[confidentiality]") != std::string_view::npos;
}

// Start times are in the time namespace of the reader, which the program does not know.
bool has_own_time(ProcRoot& root) {
  constexpr std::string_view kFirst = "time:[4026531834]";  // PROC_TIME_INIT_INO
  char target[32];
  const ssize_t length = readlinkat(root.fd(), "self/ns/time", target, sizeof target);
  return length > 0 && std::string_view(target, static_cast<size_t>(length)) != kFirst;
}

}  // namespace

Failure lacking_for_bpf(const char* text) { return about(failure_of(ENOTSUP, "bpf"), text); }

Failure forbidden_for_bpf(const char* text) { return about(failure_of(EPERM, "bpf"), text); }

Failure missing_for_bpf() {
#if defined(__LP64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  if (is_old_kernel()) return lasting(lacking_for_bpf("Linux 5.17 or newer is needed"));
  // First what most programs lack, at no cost.
  Failure failure = missing_capabilities();
  if (!failure.ok()) return failure;
  ProcRoot root("/proc");
  failure = root.open();
  if (!failure.ok()) return failure;
  if (!root.own()) return lacking_for_bpf("/proc is of another PID namespace");
  if (has_own_time(root)) return lasting(lacking_for_bpf("this process is in a time namespace of its own"));
  failure = hidden_processes(root);
  if (!failure.ok()) return failure;
  if (is_locked_down()) return lasting(forbidden_for_bpf("the kernel is locked down (confidentiality)"));
  if (lacks_types()) {
    return lasting(lacking_for_bpf("/sys/kernel/btf/vmlinux is missing: a kernel with CONFIG_DEBUG_INFO_BTF is needed"));
  }
  const int number = bpf_refused();
  return number == 0 ? Failure{} : refused_by_kernel(number);
#else
  return lasting(lacking_for_bpf("the BPF program is for 64-bit little-endian machines"));
#endif
}

Failure refused_by_kernel(int number) {
  switch (number) {
    case EPERM:
    case EACCES:
      return about(failure_of(number, "bpf"),
                   "seccomp, a security module or a user namespace refuses the bpf system call");
    case ENOSYS:
      return lasting(about(failure_of(number, "bpf"), "seccomp or the kernel's configuration leaves out the bpf system call"));
    case EINVAL:
    case ENOENT:
    case ESRCH:
    case E2BIG:
      return lasting(lacking_for_bpf("this kernel cannot run the program"));
    default:
      return failure_of(number, "bpf");
  }
}

}  // namespace psutil
