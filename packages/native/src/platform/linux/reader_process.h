// A process that reads files for this one, where a read may never end.
//
// A read that waits for the memory map of another process ends only by a fatal signal. So it is made in a process of its
// own, which can be killed, which the C library's setuid() does not wait for, and which Node does not join. It shares
// the memory and the descriptors of this program, so that a read costs two switches of the processor. It makes raw
// system calls only: whatever the C library keeps for a thread is that of the thread that started it.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

namespace psutil {

class ReaderProcess {
 public:
  // Null where the system refuses another process, or raw calls are not written for this processor. A read that takes
  // longer than `limit` milliseconds ends it, even if this program can no longer send it a signal.
  static ReaderProcess* start(double limit);

  // Reads from a file until kRoom bytes are read, or its end. False if that takes longer than `patience` milliseconds:
  // then it reads on, and the descriptor belongs to it until end().
  bool read(int file, double patience);

  // Of the last read: how many bytes, or the errno below zero.
  long result() const;
  const char* data() const;
  // Whether that was the end of the file.
  bool is_at_end() const;

  // Whether the read that was not waited for has ended.
  bool is_finished() const;
  // Whether it has ended, by a signal of someone else for instance.
  bool has_died();

  // Ends it, whatever it does, and frees it.
  void end();

  static constexpr size_t kRoom = 64 * 1024;

 private:
  struct Shared;

  static int run(void* shared);
  bool is_reaped(bool waits);

  Shared* shared_;
  pid_t pid_ = -1;
  int file_ = -1;
  bool owns_file_ = false;
  bool reaped_ = false;
};

}  // namespace psutil
