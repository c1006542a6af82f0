// Many threads, each with its own Backend as in the addon, with the same processes and the same count of urgent requests:
// for ThreadSanitizer and Valgrind. `PROGRAM THREADS ROUNDS`; check/run.mjs does not run it.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "core/table_builder.h"
#include "harness/set_limit.h"
#include "core/frame_writer.h"
#include "platform/backend.h"
#include "platform/linux/held_files.h"
#include "platform/shared/constants.h"

using namespace psutil;

namespace {

// One count for all threads, as in a client.
int32_t urgent_pending;

struct Work {
  size_t rows = 0;
  size_t failures = 0;
};

// Those that may block are read by a process that shares this one's memory, which the sanitizer does not allow.
constexpr FieldSet kRead = kAllFields & ~(bit(Field::cmdline) | bit(Field::environ) | bit(Field::memoryMaps) |
                                          bit(Field::memoryFootprint));

bool read(Backend& platform, TableBuilder& table, const Array<int32_t>& pids, FieldSet fields, bool scan, const int32_t* urgent,
          Work& work) {
  ReadRequest request = {};
  request.pids = pids.data();
  request.count = pids.size();
  request.fields = fields;
  request.listed = request.drop_gone = scan;
  request.whole_sources = !scan;
  request.urgent_pending = urgent;
  SourceCounts counts;
  if (!platform.read(request, table, counts)) return false;
  std::vector<uint8_t> frame(frame_size(table, counts, {}));
  write_frame(table, counts, platform.clock(), {platform.now(), 0}, frame.data());
  work.rows += table.rows();
  return true;
}

// Each thread has a sampler, and takes the descriptors of all now and then.
bool sample(Backend& platform, TableBuilder& table, int round, Work& work) {
  ReadRequest request = {};
  request.kind = ReadKind::kCursor;
  request.fields = bit(Field::name) | bit(Field::cpuTimes) | bit(Field::memory) | bit(Field::startTime) | bit(Field::io);
  request.listed = request.drop_gone = request.sampled = true;
  request.sampler = 1 + static_cast<uint32_t>(round % 2);
  request.max_held = round % 3 == 0 ? -1 : 20;
  request.cursor = {1, 0, 50};
  while (request.cursor.from >= 0) {
    SourceCounts counts;
    if (!platform.read(request, table, counts)) return false;
    request.cursor.from = table.next();
    work.rows += table.rows();
  }
  if (round % 4 == 1) release_held_files();
  if (round % 4 == 3) platform.end_sampler(request.sampler);
  return true;
}

bool round_of(Backend& platform, TableBuilder& table, int round, Work& work) {
  Array<int32_t> pids;
  for (int64_t cursor = 0; cursor >= 0;) {
    if (!platform.list(cursor, 50, &urgent_pending, pids).ok()) return false;
  }
  // While a request is urgent, a scan ends after a few rows.
  if (!read(platform, table, pids, kRead, true, round % 4 == 0 ? &urgent_pending : nullptr, work)) return false;
  if (!sample(platform, table, round, work)) return false;
  pids.clear();
  pids.push(round % 2 == 0 ? getpid() : 1 << 30);
  if (!read(platform, table, pids, kRead, false, nullptr, work)) return false;
  Limit before = {};
  constexpr int32_t kCore = 4;  // RLIMIT_CORE
  const Failure failure = set_limit_of(platform, {getpid()}, kCore, {0, 0}, before);
  work.failures += failure.ok() ? 0 : 1;
  Array<Named> names;
  return capabilities().fields == kAllFields && signal_names(names).size() > 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  const auto threads = static_cast<size_t>(std::atoi(arguments[1]));
  const int rounds = std::atoi(arguments[2]);
  std::vector<Work> work(threads);
  std::vector<std::thread> running;
  std::vector<int> good(threads, 1);
  for (size_t i = 0; i < threads; i++) {
    running.emplace_back([i, rounds, &work, &good] {
      TableBuilder table;
      for (int round = 0; round < rounds; round++) {
        // Created and destroyed while others read, like the threads of a pool.
        Backend platform(round % 3 == 0 ? "/proc/." : "/proc");
        __atomic_fetch_add(&urgent_pending, 1, __ATOMIC_RELAXED);
        if (!round_of(platform, table, round, work[i])) good[i] = 0;
        __atomic_fetch_sub(&urgent_pending, 1, __ATOMIC_RELAXED);
      }
    });
  }
  size_t rows = 0;
  bool all = true;
  for (size_t i = 0; i < threads; i++) {
    running[i].join();
    rows += work[i].rows;
    all = all && good[i] != 0;
  }
  std::printf("%zu threads read %zu rows in %d rounds each\n", threads, rows, rounds);
  return all && rows > 0 ? 0 : 1;
}
