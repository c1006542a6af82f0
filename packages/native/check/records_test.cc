// platform/linux/bpf/records.h: records from reads that may end at any byte.
#include "platform/linux/bpf/records.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "harness/check.h"
#include "harness/recorded.h"
#include "harness/scarcity.h"

using namespace psutil;
using Next = TaskRecords::Next;

namespace {

constexpr size_t kRoom = 32 * 1024;

// A record as the program writes it. Values that are not given are those of its PID.
std::string written(int32_t pid, uint32_t group_count, unsigned wants) {
  const bool has_limits = (wants & kWantsLimits) != 0;
  const uint32_t held = group_count > kTaskGroups ? 0 : group_count;
  TaskRecord record = {};
  record.pid = pid;
  record.group_count = group_count;
  record.length = static_cast<uint32_t>(length_of_record(group_count, wants));
  std::string bytes(reinterpret_cast<const char*>(&record), sizeof record);
  if ((wants & kWantsUsage) != 0) {
    TaskUsage usage = {};
    usage.nice = pid * 7;
    usage.resident[2] = pid;
    bytes.append(reinterpret_cast<const char*>(&usage), usage_bytes(wants));
  }
  for (uint32_t i = 0; i < held; i++) {
    const uint32_t group = static_cast<uint32_t>(pid) * 10'000 + i;
    bytes.append(reinterpret_cast<const char*>(&group), sizeof group);
  }
  bytes.resize((bytes.size() + 7) & ~size_t{7});
  for (uint64_t i = 0; has_limits && i < kTaskLimits; i++) {
    const TaskLimit limit = {static_cast<uint64_t>(pid) * 100 + i, static_cast<uint64_t>(pid) * 1000 + i};
    bytes.append(reinterpret_cast<const char*>(&limit), sizeof limit);
  }
  return bytes;
}

// A kernel that returns so many bytes at a time, or another number each time.
struct Kernel {
  std::string_view left;
  size_t max;  // 0: another number each time
  uint32_t seed = 1;

  static ssize_t read(void* self, char* to, size_t available) {
    auto& kernel = *static_cast<Kernel*>(self);
    kernel.seed = kernel.seed * 1664525 + 1013904223;
    const size_t max = kernel.max != 0 ? kernel.max : 1 + (kernel.seed >> 16) % 300;
    const size_t count = std::min({max, available, kernel.left.size()});
    std::memcpy(to, kernel.left.data(), count);
    kernel.left.remove_prefix(count);
    return static_cast<ssize_t>(count);
  }
};

// The result of one walk: a line for each record, and how it ended.
std::string records_of(std::string_view stream, unsigned wants, size_t available, size_t max) {
  TaskRecords records;
  EXPECT(records.begin(wants, available).ok());
  Kernel kernel = {stream, max};
  std::string lines;
  for (;;) {
    Task task;
    const Next next = records.next(task);
    if (next == Next::kDamaged) return lines + "damaged";
    if (next == Next::kNothingHere) {
      bool ended = false;
      const Failure failure = records.fill(Kernel::read, &kernel, ended);
      if (!failure.ok()) return lines + failure.code;
      if (ended) return lines + "end";
      continue;
    }
    const bool holds = task.record->group_count <= kTaskGroups;
    uint64_t sum = 0;
    for (uint32_t i = 0; holds && i < task.record->group_count; i++) sum += task.groups[i];
    if (task.usage != nullptr) sum += static_cast<uint64_t>(task.usage->resident[2]) << 40;
    if (usage_bytes(wants) == sizeof(TaskUsage)) sum += static_cast<uint64_t>(task.usage->nice) << 40;
    for (int i = 0; task.limits != nullptr && i < kTaskLimits; i++) sum += task.limits[i].soft ^ task.limits[i].hard << 20;
    lines += std::to_string(task.record->pid) + " " + std::to_string(task.record->group_count) + " " + std::to_string(sum) + "\n";
    records.take();
  }
}

std::string stream_of(unsigned wants) {
  std::string stream;
  int32_t pid = 1;
  for (const uint32_t groups : {0u, 1u, 2u, 32u, 33u, 1023u, 1024u, 1025u, 65'536u, 0u}) stream += written(pid++, groups, wants);
  return stream;
}

}  // namespace

TEST("records are whole wherever reads end, and however small the buffer is at first") {
  for (const unsigned wants : {0u, unsigned{kWantsLimits}, unsigned{kWantsNamespaces}, unsigned{kWantsMemory | kWantsLimits}}) {
    const std::string stream = stream_of(wants);
    const std::string wanted = records_of(stream, wants, stream.size(), stream.size());
    EXPECT_EQ(wanted.substr(wanted.size() - 3), "end");
    EXPECT_EQ(std::count(wanted.begin(), wanted.end(), '\n'), 10);
    EXPECT_EQ(wanted.substr(0, wanted.find('\n')).substr(0, 3), "1 0");
    for (const size_t available : {size_t{1}, size_t{64}, sizeof(TaskRecord), size_t{1000}, kRoom}) {
      for (const size_t max : {0, 1, 3, 7, 8, 100, 135, 136, 137, 1000, 4096, 5000}) {
        check::About about(std::to_string(available) + " bytes at first, " + std::to_string(max) + " at a time");
        EXPECT_EQ(records_of(stream, wants, available, max), wanted);
      }
    }
  }
}

TEST("the PIDs of the records that are there are known before their turn, up to as many as are wanted") {
  const std::string stream = written(1, 2, kWantsLimits) + written(2, 0, kWantsLimits) + written(3, 1, kWantsLimits);
  TaskRecords records;
  EXPECT(records.begin(kWantsLimits, kRoom).ok());
  // The last one is not all there.
  Kernel kernel = {std::string_view(stream).substr(0, stream.size() - 1), kRoom};
  bool ended = false;
  EXPECT(records.fill(Kernel::read, &kernel, ended).ok());
  int32_t pids[4] = {};
  EXPECT_EQ(records.peek(pids, 4), size_t{2});
  EXPECT_EQ(pids[0], 1);
  EXPECT_EQ(pids[1], 2);
  EXPECT_EQ(records.peek(pids, 1), size_t{1});
  Task task;
  EXPECT(records.next(task) == Next::kTask);
  records.take();
  EXPECT_EQ(records.peek(pids, 4), size_t{1});
  EXPECT_EQ(pids[0], 2);
}

TEST("records that end in the middle are damaged, and those before are not lost") {
  const std::string stream = written(1, 2, kWantsLimits) + written(2, 5, kWantsLimits);
  const std::string both = records_of(stream, kWantsLimits, kRoom, kRoom);
  const size_t first = written(1, 2, kWantsLimits).size();
  for (size_t length = 0; length < stream.size(); length++) {
    check::About about(std::to_string(length) + " bytes");
    // In a block of its own, so that a read past it ends the run.
    const check::Bytes torn(std::string_view(stream).substr(0, length));
    const std::string end = length == 0 || length == first ? "end" : "EBADMSG";
    EXPECT_EQ(records_of(torn.text(), kWantsLimits, length + 1, kRoom), (length < first ? "" : both.substr(0, both.find('\n') + 1)) + end);
  }
}

TEST("a length that the rest of a record does not bear out is damage, whatever stands behind it") {
  const std::string good = written(7, 3, kWantsLimits);
  const auto size = static_cast<uint32_t>(good.size());
  for (const uint32_t length : {0u, 1u, 8u, size - 8, size - 1, size + 1, size + 8, 1u << 20, 0x7fffffffu, 0xffffffffu}) {
    check::About about(std::to_string(length));
    std::string bytes = good + good + good;
    std::memcpy(bytes.data() + offsetof(TaskRecord, length), &length, sizeof length);
    EXPECT_EQ(records_of(bytes, kWantsLimits, kRoom, kRoom), "damaged");
  }
  // So are groups that do not fit, and limits that were not requested.
  std::string more = good;
  const uint32_t count = 30;
  std::memcpy(more.data() + offsetof(TaskRecord, group_count), &count, sizeof count);
  EXPECT_EQ(records_of(more, kWantsLimits, kRoom, kRoom), "damaged");
  EXPECT_EQ(records_of(good, 0, kRoom, kRoom), "damaged");
  EXPECT_EQ(records_of(good, kWantsLimits | kWantsIo, kRoom, kRoom), "damaged");
}

TEST("a read that fails is reported with its errno") {
  TaskRecords records;
  EXPECT(records.begin(0, kRoom).ok());
  bool ended = false;
  const auto refuse = [](void*, char*, size_t) -> ssize_t {
    errno = EIO;
    return -1;
  };
  const Failure failure = records.fill(refuse, nullptr, ended);
  EXPECT_EQ(failure.number, EIO);
  EXPECT_EQ(failure.syscall, "read");
}

TEST("records that find no memory say so") {
  TaskRecords records;
  {
    check::Scarcity none(0);
    EXPECT_EQ(records.begin(0, kRoom).code, "ENOMEM");
  }
  EXPECT(records.begin(0, 8).ok());
  const std::string stream = written(1, 40, 0);
  Kernel kernel = {stream, kRoom};
  bool ended = false;
  check::Scarcity none(0);
  EXPECT(records.fill(Kernel::read, &kernel, ended).ok());
  EXPECT_EQ(records.fill(Kernel::read, &kernel, ended).code, "ENOMEM");
}
