#include "platform/linux/bpf/privileges.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "core/array.h"
#include "core/text.h"
#include "platform/linux/bpf/requirements.h"
#include "platform/linux/system_call.h"
#include "platform/shared/errno.h"
#include "platform/shared/file.h"

namespace psutil {
namespace {

class Capable {
 public:
  Failure look() {
    __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    return syscall(SYS_capget, &header, data_) == 0 ? Failure{} : failure_of(errno, "capget");
  }
  bool of(uint32_t capability) const { return (data_[capability / 32].effective >> capability % 32 & 1) != 0; }

 private:
  __user_cap_data_struct data_[_LINUX_CAPABILITY_U32S_3] = {};
};

constexpr uint32_t kDacOverride = 1;
constexpr uint32_t kDacReadSearch = 2;
constexpr uint32_t kPtrace = 19;
constexpr uint32_t kSystemAdmin = 21;
constexpr uint32_t kPerfmon = 38;
constexpr uint32_t kBpf = 39;

constexpr size_t kPiece = 512;  // a few lines: the kernel makes no more of them than are read

// Whose options are meant: each procfs has a device of its own. Without the C library, whose name for it depends on its
// version.
Failure device_of(int directory, const char* path, uint64_t& device) {
#if defined(SYS_newfstatat)
  struct stat about;
  if (syscall(SYS_newfstatat, directory, path, &about, AT_EMPTY_PATH) != 0) return failure_of(errno, "newfstatat");
  device = about.st_dev;
  return {};
#else
  static_cast<void>(directory), static_cast<void>(path), static_cast<void>(device);
  return unsupported("newfstatat");
#endif
}

// Reads no further than to the last of these: a container's host has hundreds of mounts.
Failure hidden_by(ProcRoot& root, const uint64_t (&devices)[2]) {
  const Descriptor file(open_at(root.fd(), "thread-self/mountinfo", O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return failure_of(errno, "open");
  Array<char> text;
  bool present[2] = {};
  size_t at = 0;
  for (;;) {
    if (!text.reserve(text.size() + kPiece)) return failure_of(ENOMEM, "malloc");
    const ssize_t got = read_some(file.get(), text.data() + text.size(), kPiece);
    if (got < 0) return failure_of(errno, "read");
    if (got == 0) return lacking_for_bpf("how /proc is mounted cannot be seen");
    text.resize(text.size() + static_cast<size_t>(got));
    const std::string_view unread(text.data() + at, text.size() - at);
    const std::string_view lines = unread.substr(0, unread.rfind('\n') + 1);
    at += lines.size();
    for (int i = 0; i < 2; i++) {
      const Hiding hiding = present[i] ? Hiding::kNone : hiding_of(lines, devices[i]);
      if (hiding == Hiding::kSome) {
        return lacking_for_bpf("/proc is mounted with hidepid, which BPF does not know, and CAP_SYS_PTRACE is missing");
      }
      present[i] = present[i] || hiding == Hiding::kNone;
    }
    if (present[0] && present[1]) return {};
  }
}

bool hides(std::string_view options) {
  constexpr std::string_view kOption = "hidepid=";
  while (!options.empty()) {
    const std::string_view option = options.substr(0, options.find(','));
    options.remove_prefix(option.size() < options.size() ? option.size() + 1 : option.size());
    if (option.substr(0, kOption.size()) != kOption) continue;
    const std::string_view value = option.substr(kOption.size());
    return value != "0" && value != "off";
  }
  return false;
}

}  // namespace

// CAP_SYS_ADMIN stands for both.
Failure missing_capabilities() {
  Capable capable;
  const Failure failure = capable.look();
  // What is unknown counts as not permitted.
  if (!failure.ok()) return failure;
  if (capable.of(kSystemAdmin) || (capable.of(kBpf) && capable.of(kPerfmon))) return {};
  if (capable.of(kBpf)) return forbidden_for_bpf("CAP_PERFMON is missing");
  return forbidden_for_bpf(capable.of(kPerfmon) ? "CAP_BPF is missing" : "CAP_BPF and CAP_PERFMON are missing");
}

// A link in `ns` takes CAP_SYS_PTRACE. `io` is a file that only its owner may open, too.
FieldSet shown_of_inside() {
  Capable capable;
  if (!capable.look().ok() || !capable.of(kPtrace)) return 0;
  return capable.of(kDacOverride) || capable.of(kDacReadSearch) ? kOfInside : kOfInside & ~bit(Field::io);
}

// The kernel asks the same before it opens `io` or a link in `ns`: ptrace_may_access() in kernel/ptrace.c. With that capability
// it makes no difference that those ask for the user id of files and for effective capabilities.
bool may_look_into(int32_t pid) {
  void* head;
  size_t length;
  return system_call(SYS_get_robust_list, pid, reinterpret_cast<long>(&head), reinterpret_cast<long>(&length)) == 0;
}

Failure hidden_processes(ProcRoot& root) {
  Capable capable;
  if (capable.look().ok() && capable.of(kPtrace)) return {};
  // The root was opened once; another procfs may have been mounted there since.
  uint64_t devices[2];
  Failure failure = device_of(root.fd(), "", devices[0]);
  if (failure.ok()) failure = device_of(AT_FDCWD, "/proc", devices[1]);
  return failure.ok() ? hidden_by(root, devices) : failure;
}

// https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html: the device is a line's third word, the options of the
// file system on it its last. Blanks within a word are written as \040.
Hiding hiding_of(std::string_view lines, uint64_t device) {
  const auto major = static_cast<uint32_t>(device >> 8 & 0xfff);
  const auto minor = static_cast<uint32_t>((device & 0xff) | (device >> 12 & 0xfff00));
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(line.size() < lines.size() ? line.size() + 1 : line.size());
    Scanner scanner(line);
    scanner.word();
    scanner.word();
    uint32_t number;
    if (!scanner.number(number) || number != major || scanner.peek() != ':') continue;
    scanner.step();
    if (!scanner.number(number) || number != minor || !scanner.at_blank()) continue;
    return hides(line.substr(line.rfind(' ') + 1)) ? Hiding::kSome : Hiding::kNone;
  }
  return Hiding::kUnknown;
}

}  // namespace psutil
