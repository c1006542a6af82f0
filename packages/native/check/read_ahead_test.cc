// platform/linux/read_ahead.h: what may block is read before it is its process's turn.
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "harness/check.h"
#include "platform/backend.h"

using namespace psutil;

namespace {

// The bytes of a row's value.
std::string value(const TableBuilder& table, Field field, size_t row) {
  uint32_t code;
  std::memcpy(&code, table.column(row_of(field).first) + row * sizeof code, sizeof code);
  const Dictionary& dictionary = table.dictionary(field);
  const uint32_t begin = code == 0 ? 0 : dictionary.ends()[code - 1];
  return std::string(reinterpret_cast<const char*>(dictionary.bytes().data()) + begin, dictionary.ends()[code] - begin);
}

}  // namespace

TEST("over the list of PIDs each process has its own command line") {
  Backend platform("/proc");
  ReadRequest request = {};
  request.fields = bit(Field::cmdline) | bit(Field::ppid);
  request.kind = ReadKind::kCursor;
  request.listed = request.drop_gone = true;
  request.cursor.max = SIZE_MAX;
  TableBuilder all;
  SourceCounts counts;
  EXPECT(platform.read(request, all, counts));
  EXPECT(all.refused().ok());
  size_t compared = 0;
  for (size_t row = 0; row < all.rows(); row++) {
    const int32_t pid = all.pids()[row];
    ReadRequest one = {};
    one.fields = request.fields;
    one.pids = &pid;
    one.count = 1;
    one.drop_gone = true;
    TableBuilder alone;
    EXPECT(platform.read(one, alone, counts));
    // It has ended since, or executes another program.
    if (alone.rows() == 0 || alone.failures().size() > 0 || (pid != getpid() && pid != getppid())) continue;
    EXPECT_EQ(value(all, Field::cmdline, row), value(alone, Field::cmdline, 0));
    compared++;
  }
  EXPECT(compared > 0);
}
