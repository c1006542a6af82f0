// illumos's side of the C library: a /proc as usr/src/uts/common/fs/proc/prvnops.c answers it, and what a
// process can read about itself. A descriptor stands for the process that had the PID when it was opened. Calls
// are "open psinfo", "read psinfo" and so on; "open directory" is that of a process, "open root" the root; "open"
// counts those that succeed.
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/types.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "illumos/files.h"
#include "illumos/ports.h"
#include "kernel/errors.h"
#include "platform/shared/pid_path.h"

using simulation::fail;
using simulation::Held;
using simulation::Outcome;
using simulation::Process;

namespace {

struct Open {
  enum class Kind { kNone, kRoot, kDirectory, kFile };
  Kind kind = Kind::kNone;
  int32_t pid = 0;
  uint64_t start = 0;
  std::string file;
  size_t offset = 0;
};

// The descriptors of the whole program. Every access holds the kernel's lock.
constexpr int kFirstDescriptor = 1000;
std::vector<Open>& descriptors() {
  static auto* made = new std::vector<Open>;
  return *made;
}

Open* opened(int descriptor) {
  const int position = descriptor - kFirstDescriptor;
  if (position < 0 || static_cast<size_t>(position) >= descriptors().size()) return nullptr;
  Open* found = &descriptors()[static_cast<size_t>(position)];
  return found->kind == Open::Kind::kNone ? nullptr : found;
}

int allocate_descriptor(Held& held, const Open& open) {
  held.call("open");
  for (size_t i = 0; i < descriptors().size(); i++) {
    if (descriptors()[i].kind != Open::Kind::kNone) continue;
    descriptors()[i] = open;
    return kFirstDescriptor + static_cast<int>(i);
  }
  descriptors().push_back(open);
  return kFirstDescriptor + static_cast<int>(descriptors().size()) - 1;
}

// The process for which a descriptor was opened, while it exists.
Process* process_of(Held& held, const Open& open) {
  Process* process = held.find(open.pid);
  return process != nullptr && process->start == open.start ? process : nullptr;
}

int open_root(Held& held, const char* path) {
  const Outcome outcome = held.call("open root");
  if (outcome.error != nullptr) return fail(outcome.error);
  // Any directory of this name is a procfs, such as that of a host in a container.
  const size_t length = strlen(path);
  if (length < 5 || strcmp(path + length - 5, "/proc") != 0) return fail("ENOENT");
  Open root;
  root.kind = Open::Kind::kRoot;
  return allocate_descriptor(held, root);
}

bool is_file(const std::string& name) {
  return name == "psinfo" || name == "cred" || name == "status" || name == "sigact";
}

// A file of a process, or its directory if the name is empty. `within` is the directory if that is open.
int open_of(Held& held, int32_t pid, const Open* within, const std::string& name) {
  const Outcome outcome = held.call(("open " + (name.empty() ? "directory" : name)).c_str(), pid);
  if (outcome.error != nullptr) return fail(outcome.error);
  const Process* process = within == nullptr ? held.find(pid) : process_of(held, *within);
  if (process == nullptr || !(name.empty() || is_file(name))) return fail("ENOENT");
  const bool ended = is_zombie(*process) || process->unreaped != 0;
  if (ended && !name.empty() && name != "psinfo") return fail("ENOENT");
  if (is_denied(name.c_str(), *process)) return fail("EACCES");
  Open open;
  open.kind = name.empty() ? Open::Kind::kDirectory : Open::Kind::kFile;
  open.pid = pid;
  open.start = process->start;
  open.file = name;
  return allocate_descriptor(held, open);
}

ssize_t read_at(Held& held, const Open& open, const char* call, void* to, size_t size, size_t offset) {
  const Outcome outcome = held.call((call + open.file).c_str(), open.pid);
  if (outcome.error != nullptr) return fail(outcome.error);
  const Process* process = process_of(held, open);
  if (process == nullptr || (is_zombie(*process) && open.file != "psinfo")) return fail("ENOENT");
  const std::vector<char> content = content_of(open.file.c_str(), *process, outcome);
  const size_t end = outcome.cut && outcome.size < content.size() ? outcome.size : content.size();
  const size_t left = offset < end ? end - offset : 0;
  const size_t given = left < size ? left : size;
  memcpy(to, content.data() + offset, given);
  return static_cast<ssize_t>(given);
}

constexpr off_t kSlot = 16;
constexpr off_t kBeforeSlots = 2;  // "." and ".."

// A process's slot in the directory. Here it is the PID; a real slot does not change either while the process exists.
off_t slot_of(const Process& process) { return (process.pid + kBeforeSlots) * kSlot; }

const Process* next_in(Held& held, off_t from) {
  const Process* next = nullptr;
  for (size_t i = 0; i < held.count(); i++) {
    const Process& each = held.at(i);
    if (slot_of(each) >= from && (next == nullptr || slot_of(each) < slot_of(*next))) next = &each;
  }
  return next;
}

// One entry, or 0 bytes if there is no room.
size_t put_variable(char* to, size_t available, const std::string& name, off_t next) {
  constexpr size_t kName = offsetof(struct dirent, d_name);
  const size_t length = (kName + name.size() + 1 + 7) / 8 * 8;
  if (length > available) return 0;
  auto* entry = reinterpret_cast<struct dirent*>(to);
  entry->d_ino = 7;
  entry->d_off = next;
  entry->d_reclen = static_cast<unsigned short>(length);
  memcpy(to + kName, name.c_str(), name.size() + 1);
  return length;
}

constexpr auto kNoLimit = static_cast<rlim_t>(RLIM_INFINITY);

rlim_t raw(uint64_t value) { return value == ~uint64_t{0} ? kNoLimit : static_cast<rlim_t>(value); }
uint64_t cooked(rlim_t value) { return value == kNoLimit ? ~uint64_t{0} : static_cast<uint64_t>(value); }

Process* own_with(Held& held, int resource) {
  Process* own = held.find(getpid());
  return own == nullptr || resource < 0 || static_cast<uint32_t>(resource) >= own->limit_count ? nullptr : own;
}

}  // namespace

Process* simulation::process_of_descriptor(Held& held, int descriptor) {
  const Open* open = opened(descriptor);
  if (open == nullptr || open->kind != Open::Kind::kFile) __builtin_trap();
  return process_of(held, *open);
}

extern "C" {

int* ___errno() {
  static thread_local int number;
  return &number;
}

long _sysconf(int name) { return name == _SC_SIGRT_MIN ? 42 : 73; }

int openat(int directory, const char* path, int, ...) {
  Held held;
  if (directory == AT_FDCWD) return open_root(held, path);
  const Open* within = opened(directory);
  if (within == nullptr) return fail("EINVAL");
  if (within->kind == Open::Kind::kDirectory) return open_of(held, within->pid, within, path);
  if (strcmp(path, ".") == 0) {
    const Outcome outcome = held.call("open .");
    return outcome.error == nullptr ? allocate_descriptor(held, Open(*within)) : fail(outcome.error);
  }
  const std::string text = path;
  const size_t slash = text.find('/');
  const int32_t pid = psutil::pid_of_name(text.substr(0, slash).c_str());
  if (pid < 0) return fail("ENOENT");
  return open_of(held, pid, nullptr, slash == std::string::npos ? "" : text.substr(slash + 1));
}

int close(int descriptor) {
  Held held;
  if (simulation::close_port(held, descriptor)) return 0;
  Open* open = opened(descriptor);
  if (open == nullptr) __builtin_trap();
  held.call("close");
  simulation::dissociate(descriptor);
  *open = {};
  return 0;
}

ssize_t read(int descriptor, void* to, size_t size) {
  Held held;
  Open* open = opened(descriptor);
  if (open == nullptr || open->kind != Open::Kind::kFile) return fail("EINVAL");
  const ssize_t given = read_at(held, *open, "read ", to, size, open->offset);
  if (given > 0) open->offset += static_cast<size_t>(given);
  return given;
}

ssize_t pread(int descriptor, void* to, size_t size, off_t offset) {
  Held held;
  const Open* open = opened(descriptor);
  if (open == nullptr || open->kind != Open::Kind::kFile) return fail("EINVAL");
  return read_at(held, *open, "pread ", to, size, static_cast<size_t>(offset));
}

off_t lseek(int descriptor, off_t offset, int whence) {
  Held held;
  Open* open = opened(descriptor);
  const Outcome outcome = held.call("lseek");
  if (outcome.error != nullptr) return fail(outcome.error);
  if (open == nullptr) return fail("EINVAL");
  open->offset = static_cast<size_t>(offset) + (whence == SEEK_CUR ? open->offset : 0);
  return static_cast<off_t>(open->offset);
}

int getdents(int descriptor, struct dirent* to, size_t size) {
  Held held;
  Open* open = opened(descriptor);
  const Outcome outcome = held.call("getdents");
  if (outcome.error != nullptr) return fail(outcome.error);
  if (open == nullptr || open->kind != Open::Kind::kRoot || open->offset % kSlot != 0) return fail("EINVAL");
  size_t given = 0;
  for (;;) {
    const auto at = static_cast<off_t>(open->offset);
    const Process* process = at < kBeforeSlots * kSlot ? nullptr : next_in(held, at);
    if (process == nullptr && at >= kBeforeSlots * kSlot) return static_cast<int>(given);
    const off_t next = (process == nullptr ? at : slot_of(*process)) + kSlot;
    const std::string name = process != nullptr ? std::to_string(process->pid) : at == 0 ? "." : "..";
    const size_t length = put_variable(reinterpret_cast<char*>(to) + given, size - given, name, next);
    if (length == 0) return given == 0 ? fail("EINVAL") : static_cast<int>(given);
    given += length;
    open->offset = static_cast<size_t>(next);
  }
}

int fstatvfs(int, struct statvfs* about) {
  Held held;
  const Outcome outcome = held.call("fstatvfs");
  if (outcome.error != nullptr) return fail(outcome.error);
  memset(about, 0xa5, sizeof *about);
  // A `patch` simulates a zone of another system.
  strcpy(about->f_basetype, outcome.patched ? "lx_proc" : "proc");
  return 0;
}

int getgroups(int max, gid_t* groups) {
  Held held;
  const Outcome outcome = held.call("getgroups");
  if (outcome.error != nullptr) return fail(outcome.error);
  const Process* own = held.find(getpid());
  const int count = own == nullptr ? 0 : static_cast<int>(own->group_count);
  // With a `patch` there are more groups than in the call before.
  if (max == 0) return outcome.patched ? static_cast<int>(outcome.patch) : count;
  if (max < count) return fail("EINVAL");
  memcpy(groups, own->groups, static_cast<size_t>(count) * sizeof(gid_t));
  return count;
}

int getrlimit(int resource, rlimit* limit) {
  Held held;
  const Outcome outcome = held.call("getrlimit");
  if (outcome.error != nullptr) return fail(outcome.error);
  const Process* own = own_with(held, resource);
  if (own == nullptr) return fail("EINVAL");
  *limit = {raw(own->limits[resource][0]), raw(own->limits[resource][1])};
  return 0;
}

int setrlimit(int resource, const rlimit* limit) {
  Held held;
  const Outcome outcome = held.call("setrlimit");
  if (outcome.error != nullptr) return fail(outcome.error);
  Process* own = own_with(held, resource);
  if (own == nullptr || limit->rlim_cur > limit->rlim_max) return fail("EINVAL");
  if ((own->denied & Process::kDeniedSet) != 0 || limit->rlim_max > raw(own->limits[resource][1])) return fail("EPERM");
  own->limits[resource][0] = cooked(limit->rlim_cur);
  own->limits[resource][1] = cooked(limit->rlim_max);
  return 0;
}

int clock_gettime(clockid_t clock, timespec* time) {
  Held held;
  const Outcome outcome = held.call("clock_gettime");
  if (outcome.error != nullptr || clock != CLOCK_REALTIME) return fail("EINVAL");
  const uint64_t now = held.boot() + held.uptime();
  *time = {static_cast<time_t>(now / 1000000), static_cast<long>(now % 1000000 * 1000)};
  return 0;
}

}
