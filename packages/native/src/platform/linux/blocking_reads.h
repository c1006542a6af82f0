// Reads of files that may wait for the memory map of another process: they end, see docs/blocking-reads.md.
#pragma once

#include <string_view>

#include "core/array.h"
#include "core/failure.h"
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

  // Reads all of a file beneath a process's directory. The text stays until the next call. A stalled read is to be asked
  // for again; after the timeout it has failed.
  Failure read(ProcRoot& root, int32_t pid, int directory, const char* name, std::string_view& text);

  // Ends what is not in use. Returns whether anything is left to be ended later.
  bool rest();

  // The code of a read that has not ended.
  static constexpr char kStalled[] = "ESTALLED";
  static bool is_stalled(const Failure& failure) { return failure.code == kStalled; }

 private:
  bool start_reader();
  bool fill(int file, double patience, Failure& failure);
  static Failure why_not(StalledReads::Verdict verdict);
  void end_reader();

  const double timeout_;
  ReaderProcess* reader_ = nullptr;
  uid_t user_ = 0;
  gid_t group_ = 0;
  bool used_ = false;
  bool refused_ = false;  // a reader, since begin()
  Array<char> text_;
};

}  // namespace psutil
