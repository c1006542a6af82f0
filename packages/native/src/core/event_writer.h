// Events of processes, as they cross threads: lib/protocol/process-event.ts reads what this writes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/array.h"

namespace psutil {

struct ProcessEvent {
  // lib/protocol/process-event.ts has the same.
  enum Kind : int32_t { kFork = 1, kExec = 2, kExit = 3, kLost = 4, kRename = 5 };

  int32_t kind;
  int32_t pid = 0;
  int32_t value = 0;  // of a fork the parent, of an exit the status as wait(2) has it, of lost events their number
  double time;        // milliseconds since the epoch
  double start;       // of the process, as startTime; NaN where that is not known
  std::string_view name;  // "" where it is not known
  std::string_view path;  // of an exec, as it was given; "" where it is not known
};

// Each event is a head and the bytes of its texts, and begins at a multiple of 8.
class EventWriter {
 public:
  const uint8_t* data() const { return bytes_.data(); }
  size_t size() const { return bytes_.size(); }
  bool is_full() const { return bytes_.size() >= kMaxBytes; }
  void clear() { bytes_.recycle(); }

  // False where memory has run out.
  bool put(const ProcessEvent& event) {
    Head head = {0, event.kind, event.pid, event.value, event.time, event.start, 0, 0};
    head.name = static_cast<uint32_t>(event.name.size());
    head.path = static_cast<uint32_t>(event.path.size());
    const size_t length = (sizeof head + head.name + head.path + 7) & ~size_t{7};
    head.length = static_cast<uint32_t>(length);
    const size_t at = bytes_.size();
    if (!bytes_.resize(at + length)) return false;
    uint8_t* to = bytes_.data() + at;
    std::memset(to + length - 8, 0, 8);
    std::memcpy(to, &head, sizeof head);
    if (head.name > 0) std::memcpy(to + sizeof head, event.name.data(), head.name);
    if (head.path > 0) std::memcpy(to + sizeof head + head.name, event.path.data(), head.path);
    return true;
  }

 private:
  struct Head {
    uint32_t length;
    int32_t kind;
    int32_t pid;
    int32_t value;
    double time;
    double start;
    uint32_t name;
    uint32_t path;
  };
  static_assert(sizeof(Head) == 40);
  static constexpr size_t kMaxBytes = 256 * 1024;  // in one message

  Array<uint8_t> bytes_;
};

}  // namespace psutil
