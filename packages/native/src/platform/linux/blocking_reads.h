// Reads of files that may wait for the memory map of another process: they end, see docs/blocking-reads.md.
#pragma once

#include <string_view>

#include "core/array.h"
#include "core/failure.h"
#include "platform/linux/credentials.h"
#include "platform/linux/proc_root.h"
#include "platform/linux/reader_process.h"
#include "platform/linux/stalled_reads.h"

namespace psutil {

class BlockingReads {
 public:
  // The timeout is in milliseconds.
  explicit BlockingReads(double timeout) : timeout_(timeout) {}
  ~BlockingReads();
  BlockingReads(const BlockingReads&) = delete;
  BlockingReads& operator=(const BlockingReads&) = delete;

  // Before the reads of a request.
  void begin();

  // Begins to read a file beneath a process's directory, for a read() that follows, in the order of these calls. The
  // directory stays open until then.
  void expect(ProcRoot& root, int32_t pid, int directory, const char* name);
  // Whether as many can be expected.
  bool has_room(size_t files) const { return count_ + files <= kMostExpected; }
  // After some of them: the reader begins.
  void start() {
    if (reader_ != nullptr) reader_->wake();
  }
  // How many have been expected, for drop().
  uint32_t expected() const { return dropped_ + static_cast<uint32_t>(count_); }
  // Those that were expected before there were so many are not read.
  void drop(uint32_t before);
  // None is.
  void drop_all();

  // Reads all of a file beneath a process's directory. The text stays until the next call. A stalled read is to be asked
  // for again; after the timeout it has failed.
  Failure read(ProcRoot& root, int32_t pid, int directory, const char* name, std::string_view& text);

  // Ends what is not in use. Returns whether anything is left to be ended later.
  bool rest();

  // The code of a read that has not ended.
  static constexpr char kStalled[] = "ESTALLED";
  static bool is_stalled(const Failure& failure) { return failure.code == kStalled; }

 private:
  // One slot is for a file that was not expected.
  static constexpr size_t kSlots = ReaderProcess::kWide;
  static constexpr size_t kMostExpected = kSlots - 1;

  // A file that is handed over.
  struct File {
    int32_t pid;
    int directory;
    const char* name;
    int flags;
    uint32_t number;  // which the reader has given it
    bool is_wanted;   // neither read nor dropped
    Failure failure;
  };

  bool start_reader();
  void end_reader();
  File& file_at(size_t place) { return files_[(first_ + place) % kSlots]; }
  size_t slot_of(const File& file) const { return static_cast<size_t>(&file - files_); }
  File* find(int directory, const char* name);
  File& add(ProcRoot& root, int32_t pid, int directory, const char* name);
  bool is_handed_over(const File& file) const { return file.is_wanted && file.failure.ok() && reader_ != nullptr; }
  void hand_over_all();
  Failure read_unexpected(ProcRoot& root, int32_t pid, int directory, const char* name, std::string_view& text);
  Failure take(ProcRoot& root, File& file, double patience, std::string_view& text);
  Failure read_rest(ProcRoot& root, File& file, double patience, bool& again);
  bool wait(ProcRoot* root, File& file, double patience);
  void leave_stuck(ProcRoot* root);
  void close_files(const File* but = nullptr);
  void close_file(const File& file);
  static Failure why_not(StalledReads::Verdict verdict);

  const double timeout_;
  ReaderProcess* reader_ = nullptr;
  uint32_t readers_ = 0;  // how many there have been
  Credentials credentials_;
  bool used_ = false;
  bool refused_ = false;  // a reader, since begin()
  // In the order of their reads, from first_ on.
  File files_[kSlots];
  size_t first_ = 0;
  size_t count_ = 0;
  uint32_t dropped_ = 0;
  Array<char> text_;
};

}  // namespace psutil
