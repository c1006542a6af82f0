// platform/linux/sources/stat.cc: the fields that are computed from several numbers of stat, of a recorded process.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "harness/check.h"
#include "platform/backend.h"

using namespace psutil;

namespace {

// A proc root with process 7, which has this stat and a status.
class Folder {
 public:
  explicit Folder(const std::string& stat) {
    EXPECT(mkdtemp(path_.data()) != nullptr);
    EXPECT_EQ(mkdir((path_ + "/7").c_str(), 0700), 0);
    write("/7/stat", stat);
    write("/7/status", "Name:\tcat\nState:\tS\nTgid:\t7\nPPid:\t1\nThreads:\t1\n");
  }
  ~Folder() {
    unlink((path_ + "/7/stat").c_str());
    unlink((path_ + "/7/status").c_str());
    rmdir((path_ + "/7").c_str());
    rmdir(path_.c_str());
  }
  const char* path() const { return path_.c_str(); }

 private:
  void write(const char* name, const std::string& text) {
    std::FILE* file = std::fopen((path_ + name).c_str(), "wb");
    EXPECT_EQ(std::fwrite(text.data(), 1, text.size(), file), text.size());
    std::fclose(file);
  }

  std::string path_ = "/tmp/psutil-extra-root-XXXXXX";
};

void read_process(const Folder& folder, TableBuilder& table, FieldSet fields) {
  Backend backend(folder.path());
  SourceCounts counts;
  const int32_t pid = 7;
  ReadRequest request = {};
  request.pids = &pid;
  request.count = 1;
  request.fields = fields;
  EXPECT(backend.read(request, table, counts));
  EXPECT_EQ(table.rows(), 1);
}

// tty_nr is the 7th, policy the 41st.
std::string stat_of(const char* tty, const char* policy) {
  return std::string("7 (cat) S 1 7 7 ") + tty + " 7 0 1 2 3 4 10 20 -1 40 25 5 1 0 100 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 17 3 0 " +
         policy + " 6 0 0\n";
}

constexpr FieldSet kAsked = bit(Field::terminal) | bit(Field::cpuTimes) | bit(Field::scheduler) | bit(Field::processor);

}  // namespace

TEST("a terminal is named by its device number") {
  const Folder folder(stat_of("34819", "1"));
  TableBuilder table;
  read_process(folder, table, kAsked);
  const Dictionary& terminals = table.dictionary(Field::terminal);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(terminals.bytes().data()), terminals.bytes().size()), "/dev/pts/3");
  EXPECT_EQ(table.column(row_of(Field::scheduler).first)[0], static_cast<uint8_t>(SchedulerPolicy::kFifo));
  EXPECT_EQ(table.failures().size(), 0);
}

TEST("a time below zero is kept, and a policy that has no name is a failure of that field alone") {
  const Folder folder(stat_of("0", "4"));
  TableBuilder table;
  read_process(folder, table, kAsked);
  double children;
  std::memcpy(&children, table.column(row_of(Field::cpuTimes).first + 2), sizeof children);
  EXPECT(children < 0);
  EXPECT_EQ(table.failures().size(), 1);
  EXPECT_EQ(table.failures()[0].field, static_cast<int32_t>(Field::scheduler));
}
