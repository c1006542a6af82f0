// platform/linux/sources/ids.cc: the process group and the session of a row, by calls between which its number may go from one
// process to another.
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "harness/check.h"
#include "platform/backend.h"

using namespace psutil;

namespace {

// What the two calls return, in turn; below 0 they fail. Without it they are the system's.
struct Script {
  explicit Script(std::vector<int> all) : answers(std::move(all)) { current = this; }
  ~Script() { current = nullptr; }
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;

  int next() {
    const int answer = at < answers.size() ? answers[at] : -1;
    at++;
    if (answer < 0) errno = ESRCH;
    return answer;
  }

  std::vector<int> answers;
  size_t at = 0;
  static Script* current;
};
Script* Script::current = nullptr;

// No process has these numbers: what is not of the script fails.
constexpr int32_t kFirst = INT32_MAX - 2;
constexpr int32_t kSecond = INT32_MAX - 1;

struct Ids {
  int32_t pgid;
  int32_t sid;
};

// The rows of these processes, in which nothing but the script's calls succeeds.
std::vector<Ids> ids_of(const std::vector<int32_t>& pids, Backend& platform) {
  ReadRequest request = {};
  request.pids = pids.data();
  request.count = pids.size();
  request.fields = bit(Field::pgid) | bit(Field::sid);
  request.listed = request.drop_gone = true;
  TableBuilder table;
  SourceCounts counts;
  EXPECT(platform.read(request, table, counts));
  std::vector<Ids> rows(table.rows());
  for (size_t row = 0; row < rows.size(); row++) {
    std::memcpy(&rows[row].pgid, table.column(row_of(Field::pgid).first) + row * sizeof(int32_t), sizeof(int32_t));
    std::memcpy(&rows[row].sid, table.column(row_of(Field::sid).first) + row * sizeof(int32_t), sizeof(int32_t));
  }
  return rows;
}

std::vector<Ids> ids_of(const std::vector<int32_t>& pids) {
  Backend platform("/proc");
  return ids_of(pids, platform);
}

}  // namespace

// The linker replaces both, see build.mjs.
extern "C" pid_t __real_getpgid(pid_t pid);
extern "C" pid_t __real_getsid(pid_t pid);
extern "C" pid_t __wrap_getpgid(pid_t pid);
extern "C" pid_t __wrap_getsid(pid_t pid);
extern "C" pid_t __wrap_getpgid(pid_t pid) { return Script::current != nullptr ? Script::current->next() : __real_getpgid(pid); }
extern "C" pid_t __wrap_getsid(pid_t pid) { return Script::current != nullptr ? Script::current->next() : __real_getsid(pid); }

TEST("a group that is the same before and after the session was read is of the same process as the session") {
  Script script({10, 7, 10});
  const std::vector<Ids> rows = ids_of({kFirst});
  EXPECT_EQ(script.at, 3);
  EXPECT_EQ(rows.size(), 1);
  EXPECT_EQ(rows[0].pgid, 10);
  EXPECT_EQ(rows[0].sid, 7);
}

TEST("a group and a session of two processes are not returned as those of one") {
  Script script({10, 7, 20});
  EXPECT_EQ(ids_of({kFirst}).size(), 0);
}

TEST("a process that leads its session takes two calls") {
  Script script({kFirst, kFirst});
  const std::vector<Ids> rows = ids_of({kFirst});
  EXPECT_EQ(script.at, 2);
  EXPECT_EQ(rows.size(), 1);
  EXPECT_EQ(rows[0].sid, kFirst);
}

TEST("a process that leads a group of another session takes three calls") {
  Script script({kFirst, 7, kFirst});
  EXPECT_EQ(ids_of({kFirst}).size(), 1);
  EXPECT_EQ(script.at, 3);
}

TEST("a process of the group and session of the row before takes two calls") {
  Script script({10, 7, 10, 10, 7});
  const std::vector<Ids> rows = ids_of({kFirst, kSecond});
  EXPECT_EQ(script.at, 5);
  EXPECT_EQ(rows.size(), 2);
  EXPECT_EQ(rows[1].pgid, 10);
  EXPECT_EQ(rows[1].sid, 7);
}

TEST("the session of another process is not taken for that of the group of the row before") {
  Script script({10, 7, 10, 10, 8, 20});
  const std::vector<Ids> rows = ids_of({kFirst, kSecond});
  EXPECT_EQ(rows.size(), 1);
}

TEST("a row whose process is gone leaves no group for the next row") {
  Script script({10, 7, 20, 10, 7, 10});
  const std::vector<Ids> rows = ids_of({kFirst, kSecond});
  EXPECT_EQ(script.at, 6);
  EXPECT_EQ(rows.size(), 1);
}

TEST("the group of a row is not known in the next request, between which its number may have become that of another group") {
  Script script({10, 7, 10, 10, 7, 20});
  Backend platform("/proc");
  EXPECT_EQ(ids_of({kFirst}, platform).size(), 1);
  EXPECT_EQ(ids_of({kSecond}, platform).size(), 0);
  EXPECT_EQ(script.at, 6);
}
