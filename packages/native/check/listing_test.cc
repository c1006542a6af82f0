// platform/linux/pid_directory.h: the PIDs in a proc root. The tests use a folder of their own, and the system's /proc.
#include "platform/linux/pid_directory.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "harness/check.h"
#include "harness/scarcity.h"
#include "platform/backend.h"

using namespace psutil;

namespace {

// A folder with these folders in it. It is removed at the end.
class Folder {
 public:
  explicit Folder(std::vector<std::string> names) : names_(std::move(names)) {
    EXPECT(mkdtemp(path_.data()) != nullptr);
    for (const std::string& name : names_) EXPECT_EQ(mkdir((path_ + '/' + name).c_str(), 0700), 0);
  }
  ~Folder() {
    for (const std::string& name : names_) rmdir((path_ + '/' + name).c_str());
    rmdir(path_.c_str());
  }
  const char* path() const { return path_.c_str(); }

 private:
  std::string path_ = "/tmp/psutil-extra-listing-XXXXXX";
  std::vector<std::string> names_;
};

struct Listed {
  Failure failure;
  std::vector<int32_t> pids;
  int64_t cursor = 0;
  size_t calls = 0;
};

Listed list(const char* path, size_t max) {
  Listed out;
  ProcRoot root(path);
  Array<int32_t> pids;
  out.failure = root.open();
  while (out.failure.ok() && out.cursor >= 0) {
    out.failure = list_pids(root, out.cursor, max, nullptr, pids);
    out.calls++;
  }
  out.pids.assign(pids.data(), pids.data() + pids.size());
  std::sort(out.pids.begin(), out.pids.end());
  return out;
}

// A folder of processes that have a status.
class Processes {
 public:
  explicit Processes(size_t count) : folder_(numbers_to(count)) {
    for (size_t pid = 1; pid <= count; pid++) {
      FILE* const file = std::fopen(stat_of(pid).c_str(), "w");
      EXPECT(file != nullptr);
      std::fprintf(file, "%zu (task) S 1 9 9 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 5 0 0\n", pid);
      std::fclose(file);
    }
    count_ = count;
  }
  ~Processes() {
    for (size_t pid = 1; pid <= count_; pid++) unlink(stat_of(pid).c_str());
  }
  const char* path() const { return folder_.path(); }

 private:
  static std::vector<std::string> numbers_to(size_t count) {
    std::vector<std::string> names;
    for (size_t pid = 1; pid <= count; pid++) names.push_back(std::to_string(pid));
    return names;
  }
  std::string stat_of(size_t pid) const { return std::string(folder_.path()) + '/' + std::to_string(pid) + "/stat"; }

  Folder folder_;
  size_t count_ = 0;
};

bool scan(const char* path, TableBuilder& table) {
  Backend backend(path);
  ReadRequest request = {};
  request.fields = bit(Field::pgid);
  request.kind = ReadKind::kCursor;
  request.listed = true;
  request.cursor.max = SIZE_MAX;
  SourceCounts counts;
  return backend.read(request, table, counts);
}

bool has(const Listed& listed, int32_t pid) {
  return std::binary_search(listed.pids.begin(), listed.pids.end(), pid);
}

}  // namespace

TEST("the names that are numbers of 31 bits without a leading zero are PIDs") {
  const Folder folder({"1", "42", "4194304", "2147483647", "0", "01", "2147483648", "99999999999999999999", "12x",
                       "x12", "-1", "+1", "1.5", " 3", "self", "sys", "1 "});
  const Listed listed = list(folder.path(), SIZE_MAX);
  EXPECT(listed.failure.ok());
  EXPECT(listed.pids == (std::vector<int32_t>{1, 42, 4194304, 2147483647}));
}

TEST("a root that is no procfs is listed at one go, however little is asked") {
  std::vector<std::string> names;
  for (int pid = 1; pid <= 3000; pid++) names.push_back(std::to_string(pid));
  const Folder folder(names);
  const Listed listed = list(folder.path(), 10);
  EXPECT_EQ(listed.calls, 1);
  EXPECT_EQ(listed.cursor, -1);
  EXPECT_EQ(listed.pids.size(), 3000);
  EXPECT_EQ(listed.pids.front(), 1);
  EXPECT_EQ(listed.pids.back(), 3000);
}

TEST("a root whose last process is gone has no PIDs and no more to come") {
  const Folder folder({"7"});
  ProcRoot root(folder.path());
  EXPECT(root.open().ok());
  EXPECT_EQ(rmdir((std::string(folder.path()) + "/7").c_str()), 0);
  Array<int32_t> pids;
  int64_t cursor = 0;
  EXPECT(list_pids(root, cursor, SIZE_MAX, nullptr, pids).ok());
  EXPECT_EQ(pids.size(), 0);
  EXPECT_EQ(cursor, -1);
}

TEST("the system's own processes are listed each once, ourselves among them") {
  const Listed listed = list("/proc", SIZE_MAX);
  EXPECT(listed.failure.ok());
  EXPECT(has(listed, getpid()));
  EXPECT(std::adjacent_find(listed.pids.begin(), listed.pids.end()) == listed.pids.end());
}

TEST("a listing in parts is taken up where it stopped") {
  // Every call has room for at least thirty PIDs.
  const Listed whole = list("/proc", SIZE_MAX);
  const Listed parts = list("/proc", 1);
  EXPECT(parts.failure.ok());
  EXPECT_EQ(parts.cursor, -1);
  EXPECT(parts.calls > whole.pids.size() / 64);
  EXPECT(has(parts, getpid()));
  EXPECT(has(parts, whole.pids.front()));
  EXPECT(std::adjacent_find(parts.pids.begin(), parts.pids.end()) == parts.pids.end());
}

TEST("PIDs are appended to those that are there") {
  const Folder folder({"7"});
  ProcRoot root(folder.path());
  EXPECT(root.open().ok());
  Array<int32_t> pids;
  pids.push(3);
  int64_t cursor = 0;
  EXPECT(list_pids(root, cursor, 5, nullptr, pids).ok());
  EXPECT_EQ(pids.size(), 2);
  EXPECT_EQ(pids[0], 3);
  EXPECT_EQ(pids[1], 7);
}

TEST("a root that is not there is an error of the system") {
  const Listed listed = list("/nonexistent/proc", SIZE_MAX);
  EXPECT_EQ(listed.failure.kind, Failure::Kind::kSystem);
  EXPECT_EQ(listed.failure.code, "ENOENT");
}

TEST("a listing that finds no memory says so") {
  const Folder folder({"1"});
  ProcRoot root(folder.path());
  EXPECT(root.open().ok());
  Array<int32_t> pids;
  int64_t cursor = 0;
  check::Scarcity none(0);
  EXPECT_EQ(list_pids(root, cursor, 1, nullptr, pids).number, ENOMEM);
}

TEST("a scan that has room for no more rows fails, and does not return fewer") {
  constexpr size_t kCount = 1100;
  const Processes processes(kCount);
  size_t failed = 0;
  for (bool done = false; !done && failed < 100;) {
    TableBuilder table;
    check::Scarcity memory(failed);
    done = scan(processes.path(), table);
    if (!done) failed++;
    EXPECT(!done || table.rows() == kCount);
  }
  EXPECT(failed > 0 && failed < 100);
}

TEST("a process that has ended since it was listed is left out of a scan") {
  const Processes processes(1);
  // A name without what it stands for.
  const std::string ended = std::string(processes.path()) + "/7";
  EXPECT_EQ(symlink("nowhere", ended.c_str()), 0);
  TableBuilder table;
  EXPECT(scan(processes.path(), table));
  EXPECT_EQ(unlink(ended.c_str()), 0);
  EXPECT_EQ(table.rows(), 1);
}

TEST("a listing that finds no descriptor, or no such position, says so") {
  ProcRoot root("/proc");
  EXPECT(root.open().ok());
  Array<int32_t> pids;
  int64_t cursor = INT64_MAX;
  const Failure nowhere = list_pids(root, cursor, 1, nullptr, pids);
  EXPECT_EQ(nowhere.number, EINVAL);
  EXPECT_EQ(nowhere.syscall, "lseek");
  rlimit before;
  EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none = {0, before.rlim_max};
  EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  cursor = 0;
  const Failure failure = list_pids(root, cursor, 1, nullptr, pids);
  EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(failure.number, EMFILE);
  EXPECT_EQ(failure.syscall, "open");
}
