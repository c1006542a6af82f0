// A process that reads files for this one, where a read may never end.
//
// A read that waits for the memory map of another process ends only by a fatal signal. So it is made in a process of its
// own, which can be killed, which the C library's setuid() does not wait for, and which Node does not join. It shares
// the memory and the descriptors of this program, and works through a queue of files while the thread that filled it does
// other work: two switches of the processor are for many files, and on a second processor for none. It makes raw
// system calls only: whatever the C library keeps for a thread is that of the thread that started it.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

namespace psutil {

class ReaderProcess {
 public:
  // Where what is read of a file is put: slots from zero on have room for the command line and environment of most
  // processes, the last one for more.
  static constexpr size_t kWide = 31;
  static constexpr size_t kRoom = 16 * 1024;
  static constexpr size_t kWideRoom = 64 * 1024;

  // Null where the system refuses another process, or raw calls are not written for this processor. A read that takes
  // longer than `limit` milliseconds ends it, even if this program can no longer send it a signal.
  static ReaderProcess* start(double limit);

  // Hands over a file, which is opened, and read until its slot is full, or its end. Returns its number:
  // they count up, and are read in this order. A slot is free for the next once its file has been read, or taken back.
  // The directory may be closed by then. The file stays open.
  uint32_t hand_over(int directory, const char* name, int flags, size_t slot);
  // The same with a file that is open already, and read from where it is.
  uint32_t hand_over(int file, size_t slot);
  // Begins, if it has nothing to do.
  void wake();

  enum class Outcome {
    kRead,
    kStuck,  // it makes no progress in the file at()
    kLost,   // it has died, or does not run
  };
  // Waits for a file until it is read, or there was no progress for `patience` milliseconds.
  Outcome wait(uint32_t number, double patience);

  // The number of the file that it reads, or reads next, and of that which was handed over last.
  uint32_t at() const;
  uint32_t last() const;
  // Of what has been read into a slot: its file, or -1 if that could not be opened, and how many bytes there are, or the
  // errno below zero.
  int file(size_t slot) const;
  long result(size_t slot) const;
  const char* data(size_t slot) const;
  // Whether that was the end of the file.
  bool is_at_end(size_t slot) const;

  // Takes back the files that it has not begun. Their numbers still count: the last is to be waited for.
  void withdraw();

  // From now on it is only waited for: the file of this number belongs to it until end().
  void keep(uint32_t number);
  // Whether that has been read.
  bool is_finished() const;
  // Whether it has ended, by a signal of someone else for instance.
  bool has_died();

  // Ends it, whatever it does, and frees it.
  void end();

 private:
  struct Shared;

  static int run(void* shared);
  uint32_t queue(size_t slot);
  bool is_reaped(bool waits);

  Shared* shared_;
  pid_t pid_ = -1;
  uint32_t kept_ = 0;
  size_t kept_slot_ = kWide + 1;  // none
  bool reaped_ = false;
};

}  // namespace psutil
