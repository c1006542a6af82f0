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

using Outcome = ReaderProcess::Outcome;
using Verdict = StalledReads::Verdict;

// Milliseconds.
constexpr double kPatience = 30;
constexpr double kLong = 10'000;
constexpr double kTimeout = 2000;

// The file of which a read does not end until something is written.
class Silence {
 public:
  Silence() { EXPECT_EQ(pipe2(ends_, O_CLOEXEC | O_NONBLOCK), 0); fcntl(ends_[0], F_SETFL, 0); }
  ~Silence() { close_end(); }
  int file() const { return ends_[0]; }
  // Also whether a descriptor to read it from is left.
  bool end() { return write(ends_[1], "x", 1) == 1; }

  void close_end() {
    if (ends_[1] >= 0) close(ends_[1]);
    ends_[1] = -1;
  }

 private:
  int ends_[2];
};

Outcome read(ReaderProcess* reader, int file, double patience, size_t slot = 0) {
  const uint32_t number = reader->hand_over(file, slot);
  reader->wake();
  return reader->wait(number, patience);
}

ReaderProcess* stuck_in(const Silence& silence, double limit = kLong) {
  ReaderProcess* const reader = ReaderProcess::start(limit);
  EXPECT(reader != nullptr);
  EXPECT(read(reader, silence.file(), kPatience) == Outcome::kStuck);
  reader->keep(reader->at());
  return reader;
}

// An open file with this text.
int file_with(const std::string& text) {
  char path[] = "/tmp/psutil-extra-reader-XXXXXX";
  const int file = mkstemp(path);
  unlink(path);
  EXPECT_EQ(pwrite(file, text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  return file;
}

std::string text_in(const ReaderProcess* reader, size_t slot) {
  return {reader->data(slot), static_cast<size_t>(reader->result(slot))};
}

bool soon(bool (*holds)(ReaderProcess*), ReaderProcess* reader) {
  for (int i = 0; i < 1000 && !holds(reader); i++) usleep(5000);
  return holds(reader);
}

// Reads of other tests that were slow are remembered for seconds: one sweep ends them, another one forgets them.
void forget_others() {
  for (const double at : {1e15, 2e15}) StalledReads::sweep(at);
}

}  // namespace

TEST("a reader that is woken for nothing while it falls asleep reads what follows") {
  const int file = file_with("text");
  ReaderProcess* const reader = ReaderProcess::start(kLong);
  for (int round = 0; round < 2000; round++) {
    EXPECT(read(reader, file, kTimeout / 4) == Outcome::kRead);
    const uint32_t number = reader->hand_over(file, 0);
    reader->wake();
    // Not wait(), which sleeps: one of these calls is to find the reader between its last look for files and its sleep.
    for (int i = 0; i < 100'000 && reader->at() == number; i++) {}
    for (int i = 0; i < 2000; i++) reader->wake();
  }
  reader->end();
  close(file);
}

TEST("a reader process reads a file part by part, and says where it ends") {
  ReaderProcess* const reader = ReaderProcess::start(kLong);
  EXPECT(reader != nullptr);
  for (const size_t slot : {size_t{0}, ReaderProcess::kWide}) {
    const size_t room = slot == ReaderProcess::kWide ? ReaderProcess::kWideRoom : ReaderProcess::kRoom;
    const int file = file_with(std::string(room + 10, 'x'));
    EXPECT(read(reader, file, kLong, slot) == Outcome::kRead);
    EXPECT_EQ(reader->result(slot), static_cast<long>(room));
    EXPECT(!reader->is_at_end(slot));
    EXPECT(read(reader, file, kLong, slot) == Outcome::kRead);
    EXPECT_EQ(reader->result(slot), 10);
    EXPECT(reader->is_at_end(slot));
    close(file);
    EXPECT(read(reader, file, kLong, slot) == Outcome::kRead);
    EXPECT_EQ(reader->result(slot), -EBADF);
  }
  reader->end();
}

TEST("files that are handed over together are read in their order, each into its slot, again and again") {
  ReaderProcess* const reader = ReaderProcess::start(kLong);
  for (int round = 0; round < 100; round++) {
    uint32_t numbers[ReaderProcess::kWide];
    int files[ReaderProcess::kWide];
    for (size_t slot = 0; slot < ReaderProcess::kWide; slot++) {
      files[slot] = file_with(std::to_string(round) + "/" + std::to_string(slot));
      numbers[slot] = reader->hand_over(files[slot], slot);
    }
    reader->wake();
    // The first one only half of the times.
    for (size_t slot = round % 2 == 0 ? 0 : ReaderProcess::kWide - 1; slot < ReaderProcess::kWide; slot++) {
      EXPECT(reader->wait(numbers[slot], kLong) == Outcome::kRead);
    }
    EXPECT_EQ(reader->at(), numbers[ReaderProcess::kWide - 1] + 1);
    for (size_t slot = 0; slot < ReaderProcess::kWide; slot++) {
      EXPECT_EQ(text_in(reader, slot), std::to_string(round) + "/" + std::to_string(slot));
      close(files[slot]);
    }
  }
  reader->end();
}

TEST("a file in which a reader is stuck leaves those behind it unread, also after they are taken back and it goes on") {
  Silence silence;
  const int file = file_with("behind");
  ReaderProcess* const reader = ReaderProcess::start(kLong);
  const uint32_t first = reader->hand_over(file, 0);
  const uint32_t second = reader->hand_over(silence.file(), 1);
  const uint32_t third = reader->hand_over(file, 2);
  reader->wake();
  EXPECT(reader->wait(first, kLong) == Outcome::kRead);
  EXPECT(reader->wait(third, kPatience) == Outcome::kStuck);
  EXPECT_EQ(reader->at(), second);
  reader->withdraw();
  lseek(file, 0, SEEK_SET);
  EXPECT(silence.end());
  silence.close_end();
  EXPECT(reader->wait(third, kLong) == Outcome::kRead);
  EXPECT_EQ(text_in(reader, 1), "x");
  EXPECT_EQ(lseek(file, 0, SEEK_CUR), 0);
  // It takes new ones.
  EXPECT(read(reader, file, kLong, 2) == Outcome::kRead);
  EXPECT_EQ(text_in(reader, 2), "behind");
  close(file);
  reader->end();
}

TEST("a reader process that someone has killed is lost, and not stuck") {
  Silence silence;
  ReaderProcess* const reader = ReaderProcess::start(1);
  EXPECT(read(reader, silence.file(), 100) == Outcome::kLost);
  reader->end();
  EXPECT(silence.end());
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
  ReaderProcess* const reader = stuck_in(silence, 100);
  EXPECT(soon([](ReaderProcess* each) { return each->has_died(); }, reader));
  reader->end();
}

TEST("a process of which a read has not ended is stalled until it ends, and then tried again with more patience") {
  forget_others();
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
  forget_others();
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
  forget_others();
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
