// A backend of another system over its simulated kernel. The input decides the processes and events, and which bytes of the
// results are changed after the kernel has filled in the system's structs. It is a sequence of numbers.
#include <algorithm>
#include <cstring>
#include <vector>

#include "core/table_builder.h"
#include "core/frame_writer.h"
#include "kernel/state.h"
#include "platform/backend.h"
#include "systems/damage.h"

using namespace psutil;
using simulation::Event;
using simulation::Process;
using simulation::state;

namespace {

// Reads the input. Past its end there are zeros.
class Input {
 public:
  Input(const uint8_t* data, size_t size) : at_(data), end_(data + size) {}
  bool done() const { return at_ == end_; }
  void take(void* to, size_t size) {
    const size_t given = std::min(size, static_cast<size_t>(end_ - at_));
    std::memset(to, 0, size);
    if (given > 0) std::memcpy(to, at_, given);
    at_ += given;
  }
  template <typename T>
  T take() {
    T value;
    take(&value, sizeof value);
    return value;
  }
  template <typename T>
  T below(T end) {
    return static_cast<T>(take<uint8_t>() % end);
  }

 private:
  const uint8_t* at_;
  const uint8_t* end_;
};

// Bytes of a result that differ from those that the kernel has written.
struct Damage {
  uint16_t call;  // the number of the call
  uint16_t offset;
  uint8_t bits;
};

struct Damages {
  std::vector<Damage> all;
  uint16_t calls = 0;
};

Damages& damages() {
  static auto* made = new Damages;
  return *made;
}

constexpr size_t kMaxProcesses = 24;

// Numbers that a kernel may have. Their bytes are damaged below.
Process process_of(Input& input) {
  Process process;
  process.pid = 1 + input.below(40);
  process.ppid = input.take<int8_t>();
  process.pgid = input.take<int16_t>();
  process.sid = input.take<int16_t>();
  process.threads = input.take<uint8_t>();
  process.umask = input.take<uint16_t>() & 0777;
  process.thread_id = input.below(3) == 0 ? 100000 + process.pid : 0;
  process.state = input.below(9u);
  input.take(process.uids, sizeof process.uids);
  input.take(process.gids, sizeof process.gids);
  process.group_count = input.take<uint16_t>() % (Process::kMaxGroups + 1);
  if (process.group_count > 40 && input.below(4) != 0) process.group_count %= 20;
  process.limit_count = input.below(16u);
  process.denied = input.below(3) == 0 ? input.take<uint32_t>() : 0;
  process.unreaped = input.below(8) == 0 ? 1 : 0;
  process.start = input.take<uint32_t>();
  input.take(process.signals, sizeof process.signals);
  for (uint32_t i = 0; i < process.limit_count; i++) input.take(process.limits[i], sizeof process.limits[i]);
  for (uint32_t i = 0; i < process.group_count && i < 20; i++) process.groups[i] = input.take<uint16_t>();
  input.take(process.name, input.below(sizeof process.name));
  return process;
}

Event event_of(Input& input) {
  // Every call of every simulated kernel. A system ignores the names of another.
  static constexpr const char* kCalls[] = {
      "kern.proc.pid",  "kern.proc.proc", "kern.proc.all", "kern.proc.umask", "kern.proc.groups", "kern.proc.rlimit",
      "kern.proc.rlimit=", "kern.boottime", "kern.proc2", "clock_gettime", "getsid", "getpgid", "getgroups",
      "proc_pidinfo", "getrlimit", "setrlimit", "open", "read", "open psinfo", "read psinfo", "open cred", "read cred",
      "open status", "read status", "open sigact", "read sigact", "open directory", "open root", "open .", "getdents",
      "lseek", "fstatvfs"};
  static constexpr const char* kErrors[] = {"EPERM",  "ENOENT", "ESRCH",  "EINTR",  "EIO",    "ENOMEM", "EACCES", "EFAULT",
                                            "EBUSY",  "EINVAL", "EMFILE", "ENFILE", "ENOSYS", "EAGAIN", "ENOTDIR"};
  Event event;
  event.call = kCalls[input.take<uint8_t>() % (sizeof kCalls / sizeof kCalls[0])];
  event.skip = input.below(6);
  // Not without end: a call that is always interrupted would be repeated for ever, as with a real kernel.
  event.times = 1 + input.below(4);
  event.kind = static_cast<Event::Kind>(input.below(8));
  event.error = kErrors[input.take<uint8_t>() % (sizeof kErrors / sizeof kErrors[0])];
  event.number = input.take<uint16_t>();
  if (event.kind == Event::Kind::kAdd) event.number = input.below(40);
  event.victim = 1 + input.below(40);
  return event;
}

void write(const TableBuilder& table, const SourceCounts& counts, Backend& platform) {
  std::vector<uint8_t> frame(frame_size(table, counts, {}));
  write_frame(table, counts, platform.clock(), {platform.now(), 0}, frame.data());
  // Reads each byte, to detect uninitialized ones.
  volatile uint8_t sum = 0;
  for (const uint8_t byte : frame) sum = static_cast<uint8_t>(sum ^ byte);
}

void read(Backend& platform, Input& input, const int32_t* pids, const double* starts, size_t count) {
  ReadRequest request = {};
  request.pids = pids;
  request.starts = starts;
  request.count = count;
  // In 32 bits, as in the kept inputs.
  request.fields = FieldSet{input.take<uint32_t>()} & kAllFields;
  if (pids == nullptr) {
    request.kind = ReadKind::kTable;
    request.fields &= capabilities().bulk;
  }
  const auto flags = input.take<uint8_t>();
  request.whole_sources = (flags & 1) != 0;
  request.listed = (flags & 2) != 0;
  request.drop_gone = (flags & 4) != 0;
  TableBuilder table;
  SourceCounts counts;
  if (platform.read(request, table, counts) && table.refused().ok()) write(table, counts, platform);
}

}  // namespace

// Changes bytes of the last result.
void fuzz::damage(void* bytes, size_t size) {
  const uint16_t call = damages().calls++;
  for (const Damage& damage : damages().all) {
    if (damage.call == call && size > 0) static_cast<uint8_t*>(bytes)[damage.offset % size] ^= damage.bits;
  }
}

extern "C" __attribute__((visibility("default"))) int psutil_fuzz(const uint8_t* data, size_t size) {
  Input input(data, size);
  state().reset();
  damages() = {};
  for (size_t left = input.below(kMaxProcesses + 1); left > 0; left--) state().put(process_of(input));
  for (size_t left = input.below(size_t{8}); left > 0; left--) state().events.push_back(event_of(input));
  for (size_t left = input.below(size_t{16}); left > 0; left--) {
    damages().all.push_back({input.below<uint16_t>(40), input.take<uint16_t>(), input.take<uint8_t>()});
  }
  Backend platform("/proc");
  Array<int32_t> pids;
  int64_t cursor = 0;
  for (int parts = 0; cursor >= 0 && parts < 50; parts++) {
    if (!platform.list(cursor, 1 + input.below(size_t{8}), nullptr, pids).ok()) break;
  }
  int32_t some[20];
  double starts[20];
  const size_t count = input.below(size_t{20});
  for (size_t i = 0; i < count; i++) {
    some[i] = input.below(44);
    starts[i] = input.below(2) == 0 ? ProcessRef::kAnyStart : static_cast<double>(input.take<uint32_t>());
  }
  read(platform, input, some, nullptr, count);
  read(platform, input, some, starts, count);
  if (capabilities().bulk != 0) read(platform, input, nullptr, nullptr, 0);
  ActionResult before;
  const uint64_t limit[] = {input.take<uint64_t>(), input.take<uint64_t>()};
  const uint64_t arguments[] = {static_cast<uint64_t>(input.below(20)), limit[0], limit[1]};
  platform.act({ActionKind::kRlimit, {some[0], count > 0 ? starts[0] : -1}, arguments}, before);
  return 0;
}
