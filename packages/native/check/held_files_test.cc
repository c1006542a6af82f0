// platform/linux/held_files.h: what stays open between the readings of a sampler.
#include "platform/linux/held_files.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "harness/check.h"
#include "platform/backend.h"
#include "platform/shared/file.h"

using namespace psutil;

namespace {

constexpr FieldSet kSampled = bit(Field::name) | bit(Field::cpuTimes) | bit(Field::memory) | bit(Field::startTime);

// A child that waits until it is killed.
class Child {
 public:
  Child() : pid_(fork()) {
    while (pid_ == 0) pause();
  }
  ~Child() { end(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  int32_t pid() const { return pid_; }
  void end() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  pid_t pid_;
};

class Sampler {
 public:
  explicit Sampler(int64_t max, FieldSet fields = kSampled) : max_(max), fields_(fields) {
    // More than there are processes.
    rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }

  // All processes, `part` at a time.
  void read(size_t part = SIZE_MAX) {
    pids_.clear();
    counts = {};
    int32_t from = 0;
    while (from >= 0) from = read_part(from, part);
  }

  int32_t read_part(int32_t from, size_t max) {
    ReadRequest request = {};
    request.kind = ReadKind::kCursor;
    request.fields = fields_;
    request.listed = request.drop_gone = request.sampled = true;
    request.cursor = {1, from, max};
    request.sampler = 1;
    request.max_held = max_;
    EXPECT(platform.read(request, table, counts));
    EXPECT(table.refused().ok());
    pids_.insert(pids_.end(), table.pids(), table.pids() + table.rows());
    return table.next();
  }

  bool has(int32_t pid) const { return std::find(pids_.begin(), pids_.end(), pid) != pids_.end(); }
  size_t rows() const { return pids_.size(); }
  void end() { platform.end_sampler(1); }

  Backend platform{"/proc"};
  TableBuilder table;
  SourceCounts counts;  // of the last reading

 private:
  int64_t max_;
  FieldSet fields_;
  std::vector<int32_t> pids_;
};

// A row's start, of the last part.
double start_of(const TableBuilder& table, int32_t pid) {
  for (size_t row = 0; row < table.rows(); row++) {
    double start;
    std::memcpy(&start, table.column(row_of(Field::startTime).first) + row * sizeof start, sizeof start);
    if (table.pids()[row] == pid) return start;
  }
  return -1;
}

// During its lifetime no more files can be opened.
class NoDescriptors {
 public:
  // The numbers between those that are open are used up first.
  NoDescriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    for (int& each : fillers_) each = open("/dev/null", O_RDONLY | O_CLOEXEC);
    const Descriptor lowest(open("/dev/null", O_RDONLY | O_CLOEXEC));
    const rlimit full = {static_cast<rlim_t>(lowest.get()), before_.rlim_max};
    setrlimit(RLIMIT_NOFILE, &full);
  }
  ~NoDescriptors() {
    setrlimit(RLIMIT_NOFILE, &before_);
    for (const int each : fillers_) close(each);
  }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;

 private:
  rlimit before_;
  int fillers_[32];
};

}  // namespace

TEST("a sampler holds a file of each process until it ends") {
  const Child child;
  Sampler sampler(1'000'000);
  sampler.read();
  EXPECT(sampler.has(child.pid()));
  EXPECT_EQ(held_files(), sampler.rows());
  sampler.read(3);
  EXPECT(sampler.has(child.pid()));
  EXPECT_EQ(held_files(), sampler.rows());
  sampler.end();
  EXPECT_EQ(held_files(), 0);
}

TEST("the files of a sampler are closed with its thread") {
  {
    Sampler sampler(1'000'000);
    sampler.read();
    EXPECT(held_files() > 0);
  }
  EXPECT_EQ(held_files(), 0);
}

TEST("what a sample has of a process is the same from a held file") {
  const Child child;
  Sampler sampler(1'000'000);
  sampler.read();
  const double start = start_of(sampler.table, child.pid());
  EXPECT(start > 0);
  sampler.read();
  EXPECT_EQ(start_of(sampler.table, child.pid()), start);
}

TEST("of a process that does not run statm is read, and the other values are those of before") {
  const Child child;
  kill(child.pid(), SIGSTOP);
  waitpid(child.pid(), nullptr, WUNTRACED);
  Sampler sampler(1'000'000);
  sampler.read();
  const double start = start_of(sampler.table, child.pid());
  const auto rested = [&sampler] { return sampler.counts.reads[index_of(Source::kStatm)]; };
  // It says that it stops before it does.
  for (int reading = 0; reading < 1000 && rested() == 0; reading++) sampler.read();
  EXPECT(rested() > 0);
  EXPECT_EQ(start_of(sampler.table, child.pid()), start);
}

TEST("where no file may stay open, statm is read of a process that does not run") {
  const Child child;
  kill(child.pid(), SIGSTOP);
  waitpid(child.pid(), nullptr, WUNTRACED);
  Sampler sampler(0);
  sampler.read();
  const double start = start_of(sampler.table, child.pid());
  const auto rested = [&sampler] { return sampler.counts.reads[index_of(Source::kStatm)]; };
  for (int reading = 0; reading < 1000 && rested() == 0; reading++) sampler.read();
  EXPECT(rested() > 0);
  EXPECT_EQ(held_files(), 0);
  EXPECT_EQ(start_of(sampler.table, child.pid()), start);
}

TEST("a process that has ended is in no later reading, and holds nothing") {
  Child child;
  const Child other;
  Sampler sampler(1'000'000);
  sampler.read();
  const int32_t pid = child.pid();
  child.end();
  sampler.read();
  EXPECT(!sampler.has(pid));
  EXPECT(sampler.has(other.pid()));
  EXPECT_EQ(held_files(), sampler.rows());
}

TEST("a sampler holds no more files than it may, and reads all processes") {
  std::vector<Child> children(10);
  Sampler sampler(4);
  Sampler whole(0);
  sampler.read();
  EXPECT_EQ(held_files(), 4);
  // Some of them may be closed for others that use a processor.
  sampler.read();
  EXPECT(held_files() <= 4);
  whole.read();
  EXPECT(held_files() <= 4);
  for (const Child& child : children) EXPECT(sampler.has(child.pid()) && whole.has(child.pid()));
}

TEST("a reading that is begun again keeps what the one before has held") {
  std::vector<Child> children(8);
  Sampler sampler(1'000'000);
  sampler.read();
  const int64_t held = held_files();
  EXPECT(sampler.read_part(0, 2) > 0);
  EXPECT(held_files() > held / 2);
  sampler.read();
  EXPECT_EQ(held_files(), sampler.rows());
}

TEST("of the files of several sources one is held for each") {
  Sampler sampler(1'000'000, kSampled | bit(Field::io));
  const Child child;
  sampler.read();
  // Without privileges those of other users cannot be opened.
  EXPECT(held_files() >= static_cast<int64_t>(sampler.rows()) + 2);
  sampler.read();
  EXPECT(sampler.has(child.pid()));
}

TEST("where not all may be held, those are that use a processor") {
  HeldFiles files;
  const auto read = [&files](const std::vector<uint64_t>& used) {
    files.begin(0, 2);
    for (size_t i = 0; i < used.size(); i++) {
      files.visit(static_cast<int32_t>(i + 1));
      int file = files.take(Source::kStat);
      if (file < 0) file = open("/dev/null", O_RDONLY | O_CLOEXEC);
      if (!files.keep(Source::kStat, file)) close(file);
      files.note_used(used[i]);
    }
    files.end(true);
  };
  const auto held = [&files](size_t count) {
    std::string of;
    files.begin(0, 2);
    for (size_t i = 0; i < count; i++) {
      files.visit(static_cast<int32_t>(i + 1));
      const int file = files.take(Source::kStat);
      of += file >= 0 ? '1' : '0';
      if (file >= 0 && !files.keep(Source::kStat, file)) close(file);
    }
    files.end(true);
    return of;
  };
  read({0, 0, 0, 0});
  EXPECT_EQ(held(4), "1100");
  read({0, 0, 0, 50});
  read({0, 0, 0, 90});
  EXPECT_EQ(held(4), "0101");
  read({0, 10, 70, 100});
  read({0, 20, 140, 200});
  EXPECT_EQ(held(4), "0011");
}

TEST("when descriptors run out, held files are closed and the call is made again") {
  Sampler sampler(1'000'000);
  sampler.read();
  EXPECT(held_files() > 1);
  {
    const NoDescriptors none;
    const Descriptor opened(open_at(AT_FDCWD, "/dev/null", O_RDONLY | O_CLOEXEC));
    EXPECT(opened.get() >= 0);
    EXPECT_EQ(held_files(), 0);
  }
  // It takes fewer for a while, and reads all the same.
  sampler.read();
  EXPECT(sampler.rows() > 1);
}

TEST("without held files a lack of descriptors stays an error") {
  const NoDescriptors none;
  const Descriptor opened(open_at(AT_FDCWD, "/dev/null", O_RDONLY | O_CLOEXEC));
  EXPECT(opened.get() < 0);
  EXPECT_EQ(errno, EMFILE);
}

TEST("descriptors that run out while a sampler reads are taken from it") {
  Sampler sampler(1'000'000);
  sampler.read();
  const auto rows = static_cast<rlim_t>(sampler.rows());
  sampler.end();
  rlimit before;
  getrlimit(RLIMIT_NOFILE, &before);
  // Not enough for all.
  const rlimit few = {rows / 2 + 32, before.rlim_max};
  setrlimit(RLIMIT_NOFILE, &few);
  sampler.read();
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT(sampler.rows() + 2 >= rows);
}

TEST("another thread takes the descriptors of a sampler, whether it reads or not") {
  std::atomic<bool> is_ended{false};
  Sampler sampler(1'000'000);
  sampler.read();
  std::thread needy([&is_ended] {
    for (int i = 0; i < 200; i++) release_held_files();
    is_ended = true;
  });
  size_t least = SIZE_MAX;
  while (!is_ended) {
    sampler.read();
    least = std::min(least, sampler.rows());
  }
  needy.join();
  EXPECT(least > 1);
  sampler.end();
  EXPECT_EQ(held_files(), 0);
}
