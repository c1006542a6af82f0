#include "platform/linux/stalled_reads.h"

#include <time.h>

#include <algorithm>

namespace psutil {
namespace {

// All times are in milliseconds.
constexpr size_t kMaxEntries = 1024;
constexpr double kRemembered = 10'000;
// A caller that still wants the values asks again long before.
constexpr double kFinishedKept = 1000;
constexpr double kLeastPatience = 4;
constexpr double kFullPatience = 20;

struct Entry {
  ReadKey key;
  ReaderProcess* reader;  // null where it has ended
  const void* owner;
  double since;
  double timeout;
  double ended;      // when the read, or the time for it, ended; below 0 before
  bool timed_out;
};

// A lock of our own, because the C++ library's mutex is not linked. It is held briefly.
class Lock {
 public:
  Lock() {
    while (__atomic_test_and_set(&held_, __ATOMIC_ACQUIRE)) {
      const timespec pause = {0, 100'000};
      nanosleep(&pause, nullptr);
    }
  }
  ~Lock() { __atomic_clear(&held_, __ATOMIC_RELEASE); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  static inline bool held_ = false;
};

Entry entries[kMaxEntries];
size_t count = 0;
size_t readers = 0;

bool is_same(const ReadKey& a, const ReadKey& b) { return a.root == b.root && a.pid == b.pid && a.start == b.start; }

Entry* find(const ReadKey& key) {
  for (size_t i = 0; i < count; i++) {
    if (is_same(entries[i].key, key)) return &entries[i];
  }
  return nullptr;
}

void set_count(size_t to) { __atomic_store_n(&count, to, __ATOMIC_RELAXED); }

void end_reader(Entry& entry) {
  if (entry.reader == nullptr) return;
  entry.reader->end();
  entry.reader = nullptr;
  readers--;
}

void remove(Entry& entry) {
  end_reader(entry);
  entry = entries[count - 1];
  set_count(count - 1);
}

Entry* add(const ReadKey& key) {
  if (count == kMaxEntries) {
    // Those that are remembered only: the oldest goes.
    Entry* oldest = nullptr;
    for (Entry& entry : entries) {
      if (entry.reader == nullptr && (oldest == nullptr || entry.since < oldest->since)) oldest = &entry;
    }
    remove(*oldest);
  }
  Entry& entry = entries[count];
  set_count(count + 1);
  entry = {key, nullptr, nullptr, 0, 0, -1, false};
  return &entry;
}

static_assert(StalledReads::kMaxStuck < kMaxEntries);

}  // namespace

bool StalledReads::is_empty() { return __atomic_load_n(&count, __ATOMIC_RELAXED) == 0; }

void StalledReads::sweep(double now) {
  const Lock lock;
  for (size_t i = count; i-- > 0;) {
    Entry& entry = entries[i];
    if (entry.reader != nullptr && (entry.reader->is_finished() || entry.reader->has_died())) {
      end_reader(entry);
      entry.ended = now;
    } else if (entry.reader != nullptr && now - entry.since >= entry.timeout) {
      end_reader(entry);
      entry.ended = now;
      entry.timed_out = true;
    }
    const double kept = entry.timed_out ? kRemembered : kFinishedKept;
    if (entry.ended >= 0 && now - entry.ended >= kept) remove(entry);
  }
}

bool StalledReads::has(int32_t pid, double& patience) {
  const Lock lock;
  // Each that is stuck shortens the wait for the next, so that fifty of them do not add up.
  patience = std::max(kPatience / static_cast<double>(readers + 1), readers < kMaxStuck ? kLeastPatience : kFullPatience);
  return std::any_of(entries, entries + count, [pid](const Entry& entry) { return entry.key.pid == pid; });
}

StalledReads::Verdict StalledReads::look(const ReadKey& key, double& patience) {
  const Lock lock;
  const Entry* const entry = find(key);
  if (entry == nullptr) return Verdict::kTry;
  if (entry->timed_out) return Verdict::kTimedOut;
  if (entry->reader != nullptr) return Verdict::kStalled;
  // It was slow, and did not hang: this time it is waited for.
  patience = std::min(std::max(2 * (entry->ended - entry->since), kPatience), entry->timeout);
  return Verdict::kTry;
}

StalledReads::Verdict StalledReads::enter(const ReadKey& key, ReaderProcess* reader, const void* owner, double now,
                                          double timeout) {
  const Lock lock;
  Entry* entry = find(key);
  if (entry == nullptr) {
    entry = add(key);
    entry->since = now;
  }
  if (entry->reader != nullptr) {
    // Another thread was faster.
    reader->end();
    return Verdict::kStalled;
  }
  entry->timeout = timeout;
  if (readers >= kMaxStuck) {
    reader->end();
    entry->ended = now;
    entry->timed_out = true;
    return Verdict::kTimedOut;
  }
  entry->reader = reader;
  entry->owner = owner;
  entry->ended = -1;
  readers++;
  return Verdict::kStalled;
}

void StalledReads::leave(const ReadKey& key) {
  const Lock lock;
  Entry* const entry = find(key);
  if (entry != nullptr && entry->reader == nullptr) remove(*entry);
}

void StalledReads::forget(const void* owner) {
  const Lock lock;
  for (size_t i = count; i-- > 0;) {
    if (entries[i].reader != nullptr && entries[i].owner == owner) remove(entries[i]);
  }
}

size_t StalledReads::stuck() {
  const Lock lock;
  return readers;
}

}  // namespace psutil
