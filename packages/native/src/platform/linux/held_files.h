// The files of processes that a sampler keeps open between its readings: reading an open one again takes half the time. An open
// file of /proc/PID is bound to its process: after that has ended it cannot be read, even if another has the number.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/array.h"
#include "platform/linux/rest.h"
#include "platform/linux/source_table.h"

namespace psutil {

class HeldFiles {
 public:
  HeldFiles();
  ~HeldFiles();
  HeldFiles(const HeldFiles&) = delete;
  HeldFiles& operator=(const HeldFiles&) = delete;

  // Reads every process once, in the order of their PIDs, in parts: `from` is 0 for the first. In all, the program holds at most
  // `max` files for samplers; a quarter of its descriptors if that is below 0.
  void begin(int32_t from, int64_t max);
  void end(bool is_last);

  static bool holds(Source source) { return place_of(source) < kFiles; }

  // Goes to the process that is read next.
  void visit(int32_t pid);
  // A file of it, which the caller owns from now on; -1 if none is held.
  int take(Source source);
  // The same, and it stays held.
  int held(Source source) const;
  // Whether it has become the holder of the file.
  bool keep(Source source, int file);
  void close_one(Source source);
  // What is kept of it besides; null if memory ran out.
  Rest* rest() { return process_ == nullptr ? nullptr : &process_->rest; }
  // How much processor time the process has used, in ticks. If not all can be held, those that use most are.
  void note_used(uint64_t ticks);
  // The process has ended: closes what is left of it.
  void forget();
  // Whether a file of the process has been taken since the visit.
  bool was_taken() const { return was_taken_; }

  // Closes the files of every sampler that does not read in another thread, and asks the others to. Returns whether it has closed
  // any.
  static bool close_of_all();

 private:
  static constexpr Source kHeld[] = {Source::kStat, Source::kStatm, Source::kIo, Source::kStatus};
  static constexpr size_t kFiles = sizeof kHeld / sizeof kHeld[0];
  static constexpr size_t kRanks = 33;

  struct Process {
    int32_t pid;
    int32_t files[kFiles];
    uint32_t recent;    // ticks that it has used lately
    bool has_used;      // whether `used` is known
    bool is_preferred;  // its files are kept before those of others
    uint64_t used;      // ticks since its start
    Rest rest;
  };

  static size_t place_of(Source source);
  static size_t rank_of(const Process& process);
  static size_t count_of(const Process& process);
  static size_t close_files(Process& process);
  size_t close_all();
  void close_if_claimed();
  void choose();
  void make_room(size_t files, size_t rank);

  Array<Process>& before() { return lists_[1 - now_]; }
  Array<Process>& now() { return lists_[now_]; }

  enum State : int { kIdle, kReading, kClosing };
  int state_ = kIdle;
  int is_claimed_ = 0;  // another thread needs descriptors
  long reader_ = 0;     // the thread that reads
  bool is_listed_ = false;
  int64_t max_ = 0;
  int64_t allowed_ = INT64_MAX;  // fewer than `max_` for a while after descriptors ran out
  int64_t reserved_ = 0;         // files of preferred processes that are not held yet
  bool lacks_room_ = false;
  bool was_taken_ = false;
  Process* process_ = nullptr;  // of now(), the one that is read; null if memory ran out
  Array<Process> lists_[2];     // in the order of their PIDs
  size_t now_ = 0;
  size_t next_ = 0;  // in before()
};

// Closes the files that samplers of the program hold, and waits for those that read at this moment. Returns whether there are fewer.
bool release_held_files();

// Whether a call that has just failed for a lack of descriptors is to be made again, because there are some now. Else errno
// stays as it is.
bool may_try_again();

// How many there are, in all of the program.
int64_t held_files();

}  // namespace psutil
