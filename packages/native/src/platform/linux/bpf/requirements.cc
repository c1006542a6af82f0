#include "platform/linux/bpf/requirements.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string_view>

#include "core/text.h"
#include "platform/linux/bpf/loader.h"
#include "platform/linux/root.h"
#include "platform/posix/failure.h"

namespace psutil {
namespace {

Failure about(Failure failure, const char* text) {
  failure.about = text;
  return failure;
}

Failure forbidden(const char* text) { return about(failure_of(EPERM, "bpf"), text); }

// The release as uname tells it; distributions that carry newer code under an older number are taken by it.
bool is_old_kernel() {
  utsname names;
  if (uname(&names) != 0) return false;
  int major = 0;
  int minor = 0;
  if (std::sscanf(names.release, "%d.%d", &major, &minor) != 2) return false;
  return major < 5 || (major == 5 && minor < 17);
}

// CAP_SYS_ADMIN stands for both.
Failure missing_capabilities() {
  constexpr uint32_t kSystemAdmin = 21;
  constexpr uint32_t kPerfmon = 38;
  constexpr uint32_t kBpf = 39;
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
  if (syscall(SYS_capget, &header, data) != 0) return {};
  const auto has = [&data](uint32_t capability) { return (data[capability / 32].effective >> capability % 32 & 1) != 0; };
  if (has(kSystemAdmin) || (has(kBpf) && has(kPerfmon))) return {};
  if (has(kBpf)) return forbidden("CAP_PERFMON is missing");
  return forbidden(has(kPerfmon) ? "CAP_BPF is missing" : "CAP_BPF and CAP_PERFMON are missing");
}

// The types of the running kernel. Where /sys is not there, nobody can tell before it is tried.
bool lacks_types() {
  return access("/sys/kernel/btf/vmlinux", F_OK) != 0 && access("/sys/kernel", F_OK) == 0;
}

bool is_locked_down() {
  const Descriptor file(open("/sys/kernel/security/lockdown", O_RDONLY | O_CLOEXEC));
  char text[128];
  const ssize_t got = file.get() < 0 ? 0 : read(file.get(), text, sizeof text);
  return got > 0 && std::string_view(text, static_cast<size_t>(got)).find("[confidentiality]") != std::string_view::npos;
}

// Start times are told in the reader's own time, which the program would have to be told.
bool has_own_time(Root& root) {
  constexpr std::string_view kFirst = "time:[4026531834]";  // PROC_TIME_INIT_INO
  char target[32];
  const ssize_t length = readlinkat(root.fd(), "self/ns/time", target, sizeof target);
  return length > 0 && std::string_view(target, static_cast<size_t>(length)) != kFirst;
}

// hidepid is a promise that this process sees no other user's; the iterator knows nothing of mounts.
// What cannot be seen is taken for a promise.
bool may_hide_processes(Root& root) {
  std::string_view text;
  if (!root.read_records("self/mountinfo", text).ok()) return true;
  bool hides = false;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() < text.size() ? line.size() + 1 : line.size());
    Scanner scanner(line);
    for (int field = 1; field <= 4; field++) scanner.word();
    // The last of several mounts on one place is the one that is seen.
    if (scanner.word() != "/proc") continue;
    const size_t at = line.find("hidepid=");
    const std::string_view value = at == std::string_view::npos ? "off" : line.substr(at + 8);
    hides = value[0] != '0' && value.substr(0, 3) != "off";
  }
  return hides;
}

}  // namespace

Failure lacking_for_bpf(const char* text) { return about(failure_of(ENOTSUP, "bpf"), text); }

Failure missing_for_bpf() {
#if defined(__LP64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  if (is_old_kernel()) return lacking_for_bpf("Linux 5.17 or newer is needed");
  Root root("/proc");
  const Failure closed = root.open();
  if (!closed.ok()) return closed;
  if (!root.own()) return lacking_for_bpf("/proc is of another PID namespace");
  if (has_own_time(root)) return lacking_for_bpf("this process is in a time namespace of its own");
  if (may_hide_processes(root)) return lacking_for_bpf("/proc is mounted with hidepid, which BPF does not know");
  const Failure missing = missing_capabilities();
  if (!missing.ok()) return missing;
  if (is_locked_down()) return forbidden("the kernel is locked down (confidentiality)");
  if (lacks_types()) return lacking_for_bpf("/sys/kernel/btf/vmlinux is missing: a kernel with CONFIG_DEBUG_INFO_BTF is needed");
  const int number = bpf_refused();
  return number == 0 ? Failure{} : refused_by_kernel(number);
#else
  return lacking_for_bpf("the BPF program is for 64-bit little-endian machines");
#endif
}

Failure refused_by_kernel(int number) {
  switch (number) {
    case EPERM:
    case EACCES:
      return about(failure_of(number, "bpf"),
                   "seccomp, a security module or a user namespace refuses the bpf system call");
    case ENOSYS:
      return about(failure_of(number, "bpf"), "seccomp or the kernel's configuration leaves out the bpf system call");
    case EINVAL:
    case ENOENT:
    case ESRCH:
    case E2BIG:
      return lacking_for_bpf("this kernel cannot run the program");
    default:
      return failure_of(number, "bpf");
  }
}

}  // namespace psutil
