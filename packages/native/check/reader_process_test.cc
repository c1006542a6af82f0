// platform/linux/reader_process.h and stalled_reads.h: a read that never ends is ended.
#include "platform/linux/reader_process.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>

#include "harness/check.h"
#include "platform/linux/stalled_reads.h"

using namespace psutil;

namespace {

using Verdict = StalledReads::Verdict;

// Milliseconds.
constexpr double kPatience = 30;
constexpr double kLong = 10'000;
constexpr double kTimeout = 2000;

// The file of which a read does not end until something is written.
class Silence {
 public:
  Silence() { EXPECT_EQ(pipe2(ends_, O_CLOEXEC | O_NONBLOCK), 0); fcntl(ends_[0], F_SETFL, 0); }
  ~Silence() { close(ends_[1]); }
  int file() const { return ends_[0]; }
  // Also whether a descriptor to read it from is left.
  bool end() { return write(ends_[1], "x", 1) == 1; }

 private:
  int ends_[2];
};

ReaderProcess* stuck_in(const Silence& silence) {
  ReaderProcess* const reader = ReaderProcess::start(kLong);
  EXPECT(reader != nullptr);
  EXPECT(!reader->read(silence.file(), kPatience));
  return reader;
}

bool soon(bool (*holds)(ReaderProcess*), ReaderProcess* reader) {
  for (int i = 0; i < 1000 && !holds(reader); i++) usleep(5000);
  return holds(reader);
}

}  // namespace

TEST("a reader process reads a file part by part, and says where it ends") {
  ReaderProcess* const reader = ReaderProcess::start(kLong);
  EXPECT(reader != nullptr);
  char path[] = "/tmp/psutil-extra-reader-XXXXXX";
  const int file = mkstemp(path);
  unlink(path);
  const std::string text(ReaderProcess::kRoom + 10, 'x');
  EXPECT_EQ(pwrite(file, text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  EXPECT(reader->read(file, kLong));
  EXPECT_EQ(reader->result(), static_cast<long>(ReaderProcess::kRoom));
  EXPECT(!reader->is_at_end());
  EXPECT(reader->read(file, kLong));
  EXPECT_EQ(reader->result(), 10);
  EXPECT(reader->is_at_end());
  close(file);
  EXPECT(reader->read(file, kLong));
  EXPECT_EQ(reader->result(), -EBADF);
  reader->end();
}

TEST("a read that does not end is given up, and its process and descriptor are gone once it is ended") {
  signal(SIGPIPE, SIG_IGN);
  Silence silence;
  ReaderProcess* const reader = stuck_in(silence);
  EXPECT(!reader->is_finished());
  EXPECT(!reader->has_died());
  reader->end();
  EXPECT(!silence.end());
}

TEST("a reader process that nothing can end ends by itself at its limit") {
  Silence silence;
  ReaderProcess* const reader = ReaderProcess::start(100);
  EXPECT(!reader->read(silence.file(), kPatience));
  EXPECT(soon([](ReaderProcess* each) { return each->has_died(); }, reader));
  reader->end();
}

TEST("a process of which a read has not ended is stalled until it ends, and then tried again with more patience") {
  Silence silence;
  const ReadKey key = {1, 2, 3};
  double patience = kPatience;
  ReaderProcess* const reader = stuck_in(silence);
  EXPECT(StalledReads::enter(key, reader, &silence, 0, kTimeout) == Verdict::kStalled);
  StalledReads::sweep(100);
  EXPECT(StalledReads::has(2, patience));
  EXPECT(StalledReads::look(key, patience) == Verdict::kStalled);
  EXPECT(StalledReads::look({1, 2, 4}, patience) == Verdict::kTry);
  // One byte, and the end of the file behind it.
  EXPECT(silence.end());
  EXPECT_EQ(StalledReads::stuck(), 1u);
  StalledReads::forget(&silence);
  EXPECT(StalledReads::is_empty());
}

TEST("a read has timed out after its time, is remembered for ten seconds, and then forgotten") {
  Silence silence;
  const ReadKey key = {1, 2, 3};
  double patience = kPatience;
  EXPECT(StalledReads::enter(key, stuck_in(silence), &silence, 0, kTimeout) == Verdict::kStalled);
  StalledReads::sweep(kTimeout);
  EXPECT_EQ(StalledReads::stuck(), 0u);
  EXPECT(StalledReads::look(key, patience) == Verdict::kTimedOut);
  StalledReads::sweep(kTimeout + 9999);
  EXPECT(StalledReads::look(key, patience) == Verdict::kTimedOut);
  StalledReads::sweep(kTimeout + 10'000);
  EXPECT(StalledReads::is_empty());
}

TEST("64 readers may be stuck; the next process has timed out at once, and waits get shorter before") {
  Silence silences[StalledReads::kMaxStuck + 1];
  double patience = 0;
  int32_t pid = 0;
  for (Silence& silence : silences) {
    EXPECT_EQ(StalledReads::stuck(), static_cast<size_t>(pid));
    EXPECT(!StalledReads::has(++pid, patience));
    EXPECT(patience <= StalledReads::kPatience);
    const Verdict verdict = StalledReads::enter({1, pid, 1}, stuck_in(silence), silences, 0, kTimeout);
    EXPECT(verdict == (pid <= static_cast<int32_t>(StalledReads::kMaxStuck) ? Verdict::kStalled : Verdict::kTimedOut));
  }
  EXPECT_EQ(StalledReads::stuck(), StalledReads::kMaxStuck);
  StalledReads::forget(silences);
  StalledReads::sweep(20'000);
  EXPECT(StalledReads::is_empty());
}
