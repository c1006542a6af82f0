#include "platform/linux/proc_root.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>

#include "core/text.h"
#include "platform/linux/numbered.h"
#include "platform/linux/pidfd.h"
#include "platform/shared/errno.h"
#include "platform/shared/pid_path.h"

namespace psutil {
namespace {

constexpr char kDefaultRoot[] = "/proc";
constexpr size_t kFirstText = 16 * 1024;
constexpr size_t kMaxKept = 256 * 1024;
// status is shorter than this, even of a process in 65,536 groups.
constexpr size_t kMaxText = 16 * 1024 * 1024;
constexpr double kMaxSeconds = 10;
constexpr int kMaxWaits = 1000;
constexpr double kMaxApart = 0.5;  // seconds

// The value of a line, or "" if there is none.
std::string_view line_of(std::string_view text, std::string_view key) {
  size_t at = 0;
  while (at < text.size()) {
    const size_t end = text.find('\n', at);
    const std::string_view line = text.substr(at, end == std::string_view::npos ? end : end - at);
    if (line.substr(0, key.size()) == key) return line.substr(key.size());
    if (end == std::string_view::npos) break;
    at = end + 1;
  }
  return {};
}

double seconds(clockid_t clock) {
  timespec now;
  if (clock_gettime(clock, &now) != 0) return std::nan("");
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// The type of a descriptor's file system.
Failure file_system_of(int fd, long& type) {
  struct statfs about;
  int result;
  do {
    result = fstatfs(fd, &about);
  } while (result != 0 && errno == EINTR);
  if (result != 0) return failure_of(errno, "statfs");
  type = static_cast<long>(about.f_type);
  return {};
}

// Whether a directory is laid out like /proc: it has the directory of a process.
Failure look_for_process(int fd, bool& found) {
  found = false;
  NumberedEntries entries(fd, ".", 0, 1);
  int32_t pid;
  while (!found && entries.next(pid)) found = faccessat(entries.fd(), PidPath(pid).file("."), F_OK, 0) == 0;
  return entries.failure();
}


// How long in all a read waits for a file that has nothing to read.
class Patience {
 public:
  Failure wait(int file) {
    const double now = seconds(CLOCK_MONOTONIC);
    if (waits_++ == 0) until_ = now + kMaxSeconds;
    const double left = until_ - now;
    // A file is broken that says repeatedly that it is readable and then returns no bytes.
    if (waits_ > kMaxWaits) return failure_of(EAGAIN, "read");
    if (!(left > 0)) return failure_of(ETIMEDOUT, "read");
    pollfd waiting = {file, POLLIN, 0};
    const int ready = poll(&waiting, 1, static_cast<int>(left * 1000) + 1);
    if (ready < 0 && errno != EINTR) return failure_of(errno, "poll");
    return ready == 0 ? failure_of(ETIMEDOUT, "read") : Failure{};
  }

 private:
  int waits_ = 0;
  double until_ = 0;
};

double ticks_a_second() { return static_cast<double>(sysconf(_SC_CLK_TCK)); }

}  // namespace

ProcRoot::~ProcRoot() {
  if (fd_ >= 0) close(fd_);
}

Failure ProcRoot::open() {
  if (fd_ >= 0) return {};
  const int fd = open_at(AT_FDCWD, path_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  // ENOENT here means that there is no such root, not that there is no such process.
  if (fd < 0) return {errno == EACCES ? Failure::Kind::kDenied : Failure::Kind::kSystem, errno, errno_name(errno), "open"};
  fd_ = fd;
  // A passing failure, such as a lack of descriptors, must not decide for ever what this root is.
  Failure failure = look_at_file_system();
  if (failure.ok() && path_ == kDefaultRoot) failure = look_at_namespace();
  if (failure.ok()) return {};
  close(fd_);
  fd_ = -1;
  return failure;
}

// If no procfs is mounted, a read must not report that a process is missing. Recorded files have processes too, and a procfs
// may hide all of them.
Failure ProcRoot::look_at_file_system() {
  long type = 0;
  const Failure failure = file_system_of(fd_, type);
  procfs_ = failure.ok() && type == PROC_SUPER_MAGIC;
  if (procfs_) return {};
  if (path_ == kDefaultRoot) return failure.ok() ? unsupported("statfs") : failure;
  bool found;
  const Failure unreadable = look_for_process(fd_, found);
  if (found) return {};
  return unreadable.ok() ? unsupported("statfs") : unreadable;
}

// A procfs of an outer PID namespace has other numbers for the processes of an inner one. The NSpid line begins with the number
// in the namespace of the mount, and ends with the number in the process's own.
Failure ProcRoot::look_at_namespace() {
  std::string_view text;
  const Failure failure = read(fd_, "self/status", text);
  own_ = false;
  // A procfs of another namespace may lack this process.
  if (!failure.ok()) return failure.number == ENOENT ? Failure{} : failure;
  const std::string_view line = line_of(text, "NSpid:");
  Scanner scanner(line);
  int32_t first;
  int32_t second;
  // A kernel without PID namespaces does not write the line.
  own_ = line.empty() || (scanner.number(first) && first == static_cast<int32_t>(getpid()) && !scanner.number(second));
  return {};
}

bool ProcRoot::has_own_users() const { return path_ == kDefaultRoot; }

bool ProcRoot::has_umask() {
  if (has_umask_ < 0) {
    std::string_view text;
    if (!read(fd_, "self/status", text).ok()) return false;
    has_umask_ = line_of(text, "Umask:").empty() ? 0 : 1;
  }
  return has_umask_ == 1;
}

Failure ProcRoot::read(int directory, const char* path, std::string_view& text) {
  return read(directory, path, Writing::kAtOnce, text);
}

Failure ProcRoot::read_records(const char* path, std::string_view& text) {
  return read(fd_, path, Writing::kByRecord, text);
}

Failure ProcRoot::read(int directory, const char* path, Writing writing, std::string_view& text) {
  const Descriptor file(open_file(directory, path));
  return file.get() < 0 ? failure_of(errno, "open") : read_all(file.get(), writing, text);
}

int ProcRoot::open_flags() const {
  // Another root may hold anything: a pipe without a writer must not block this thread for ever.
  const int careful = own_ ? 0 : O_NONBLOCK | O_NOCTTY;
  return O_RDONLY | O_CLOEXEC | careful;
}

int ProcRoot::open_file(int directory, const char* path) { return open_at(directory, path, open_flags()); }

Failure ProcRoot::read_open(int file, std::string_view& text) { return read_all(file, Writing::kAtOnce, text); }

Failure ProcRoot::read_again(int file, std::string_view& text) {
  for (size_t wanted = kFirstText; wanted <= kMaxText; wanted = text_.capacity() * 2) {
    if (!text_.reserve(wanted)) return failure_of(ENOMEM, "malloc");
    const ssize_t got = read_from_start(file, text_.data(), text_.capacity());
    if (got < 0) return failure_of(errno, "read");
    text = {text_.data(), static_cast<size_t>(got)};
    if (text.size() < text_.capacity()) return {};
  }
  return failure_of(EFBIG, "read");
}

Failure ProcRoot::read_all(int file, Writing writing, std::string_view& text) {
  if (text_.capacity() > kMaxKept) text_.shrink(kMaxKept);
  text_.clear();
  if (!text_.reserve(kFirstText)) return failure_of(ENOMEM, "malloc");
  const Failure failure = fill(file, writing);
  if (failure.ok()) text = {text_.data(), text_.size()};
  return failure;
}

Failure ProcRoot::fill(int file, Writing writing) {
  // Only a procfs of this kernel returns the whole text in one read. Other file systems may return less.
  const bool at_once = own_ && writing == Writing::kAtOnce;
  Patience patience;
  for (;;) {
    const size_t available = text_.capacity() - text_.size();
    const ssize_t got = read_some(file, text_.data() + text_.size(), available);
    if (got < 0 && errno == EAGAIN && !own_) {
      const Failure failure = patience.wait(file);
      if (!failure.ok()) return failure;
      continue;
    }
    if (got < 0) return failure_of(errno, "read");
    text_.resize(text_.size() + static_cast<size_t>(got));
    // A text that was returned at once, is shorter than the room, and ends with a line is complete.
    const bool is_first = text_.size() == static_cast<size_t>(got);
    if (got == 0 || (at_once && is_first && static_cast<size_t>(got) < available && text_[text_.size() - 1] == '\n')) break;
    if (text_.size() > kMaxText) return failure_of(EFBIG, "read");
    if (text_.size() == text_.capacity() && !text_.reserve(text_.capacity() * 2)) return failure_of(ENOMEM, "realloc");
  }
  return {};
}

double ProcRoot::read_boot() {
  std::string_view text;
  uint64_t boot;
  if (fd_ >= 0 && read(fd_, "stat", text).ok() && Scanner(line_of(text, "btime ")).number(boot)) {
    return static_cast<double>(boot);
  }
  return std::nan("");
}

bool ProcRoot::knows_boot() {
  // Setting the clock moves the boot time too. A recorded root stays the same, and is read once more without harm.
  const double apart = seconds(CLOCK_REALTIME) - seconds(CLOCK_BOOTTIME);
  if (boot_ == kUnread || std::isnan(boot_) || std::abs(apart - clocks_apart_) > kMaxApart) {
    clocks_apart_ = apart;
    boot_ = read_boot();
  }
  return !std::isnan(boot_);
}

Clock ProcRoot::clock() const { return {boot_ * 1000, ticks_a_second()}; }

bool ProcRoot::numbers_processes() {
  if (numbers_processes_ < 0) numbers_processes_ = own_ && has_pidfs() ? 1 : 0;
  return numbers_processes_ == 1;
}

double ticks_now() { return std::floor(seconds(CLOCK_BOOTTIME) * ticks_a_second()); }

}  // namespace psutil
