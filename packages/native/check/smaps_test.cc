// platform/procfs/smaps.h: /proc/PID/smaps and smaps_rollup.
#include "platform/procfs/smaps.h"

#include "harness/check.h"
#include "harness/recorded.h"

using namespace psutil;

namespace {

struct Parsed {
  explicit Parsed(std::string_view line) : bytes(line), ok(parse_mapping(bytes.text(), mapping)) {}
  check::Bytes bytes;
  MappingLine mapping;
  bool ok;
};

std::string unescaped(std::string_view escaped) {
  const check::Bytes bytes(escaped);
  Array<char> path;
  EXPECT(unescape_path(bytes.text(), path));
  EXPECT_EQ(path.data()[path.size()], '\0');
  return {path.data(), path.size()};
}

}  // namespace

TEST("a mapping has addresses, permissions, offset, device, inode and path") {
  const Parsed it("7f0c1a000000-7f0c1a021000 r-xp 00002000 fe:01 1234                       /usr/lib/a b.so (deleted)");
  EXPECT(it.ok);
  EXPECT_EQ(it.mapping.start, 0x7f0c1a000000);
  EXPECT_EQ(it.mapping.end, 0x7f0c1a021000);
  EXPECT_EQ(it.mapping.permissions, "r-xp");
  EXPECT_EQ(it.mapping.offset, 0x2000);
  EXPECT_EQ(it.mapping.device, "fe:01");
  EXPECT_EQ(it.mapping.inode, 1234);
  EXPECT_EQ(it.mapping.path, "/usr/lib/a b.so (deleted)");
}

TEST("the highest addresses and a path that ends in blanks are kept") {
  const Parsed it("ffffffffff600000-ffffffffffffffff --xp ffffffffffffffff 00:00 18446744073709551615 /a  ");
  EXPECT(it.ok);
  EXPECT_EQ(it.mapping.end, UINT64_MAX);
  EXPECT_EQ(it.mapping.offset, UINT64_MAX);
  EXPECT_EQ(it.mapping.inode, UINT64_MAX);
  EXPECT_EQ(it.mapping.path, "/a  ");
}

TEST("an anonymous mapping has no path") {
  EXPECT_EQ(Parsed("00400000-00401000 rw-p 00000000 00:00 0 ").mapping.path, "");
  EXPECT_EQ(Parsed("00400000-00401000 rw-p 00000000 00:00 0").mapping.path, "");
  EXPECT(Parsed("00400000-00401000 rw-p 00000000 00:00 0").ok);
}

TEST("lines of sizes and half lines are no mappings") {
  for (const char* line : {"", "Size:                  4 kB", "FilePmdMapped:  0 kB", "AnonHugePages: 0 kB", "VmFlags: rd ex",
                           "00400000-", "00400000-00401000", "00400000-00401000 ", "00400000-00401000 rw-p 0 00:00",
                           "-00401000 rw-p 0 00:00 0", "00400000 00401000 rw-p 0 00:00 0", "11112222333344445-1 rw-p 0 0:0 0"}) {
    check::About about(line);
    EXPECT(!Parsed(line).ok);
  }
}

TEST("an end of line in a path is unescaped, and no other backslash") {
  EXPECT_EQ(unescaped("/a\\012b\\012"), "/a\nb\n");
  EXPECT_EQ(unescaped("/a\\01"), "/a\\01");
  EXPECT_EQ(unescaped("/a\\n\\\\012"), "/a\\n\\\n");
  EXPECT_EQ(unescaped(""), "");
}

TEST("sizes are bytes, in the order of the schema, and lines of the same beginning are others") {
  MappingSizes sizes;
  for (const char* line : {"Size:  8 kB", "KernelPageSize: 4 kB", "Rss: 7 kB", "Pss: 6 kB", "Pss_Dirty: 99 kB", "Shared_Clean: 5 kB",
                           "Shared_Dirty: 4 kB", "Private_Clean: 3 kB", "Private_Dirty: 2 kB", "Referenced: 1 kB",
                           "Anonymous: 9 kB", "AnonHugePages: 99 kB", "Swap: 10 kB", "SwapPss: 99 kB", "Rss:", "Rss: x kB"}) {
    sizes.add(line);
  }
  const int wanted[] = {8, 7, 6, 5, 4, 3, 2, 1, 9, 10};
  for (size_t i = 0; i < MappingSizes::kCount; i++) EXPECT_EQ(sizes.bytes[i], 1024.0 * wanted[i]);
}

TEST("a footprint is summed over mappings, with private huge pages") {
  Footprint footprint;
  EXPECT(!footprint.found);
  footprint.add("Rss: 100 kB");
  EXPECT(!footprint.found);
  for (int mapping = 0; mapping < 2; mapping++) {
    for (const char* line : {"Pss: 5 kB", "Pss_Anon: 99 kB", "Private_Clean: 1 kB", "Private_Dirty: 2 kB", "Private_Hugetlb: 2048 kB",
                             "Swap: 3 kB", "SwapPss: 99 kB"}) {
      footprint.add(line);
    }
  }
  EXPECT(footprint.found);
  EXPECT_EQ(footprint.bytes[Footprint::kUss], 2 * 2051 * 1024.0);
  EXPECT_EQ(footprint.bytes[Footprint::kPss], 10 * 1024.0);
  EXPECT_EQ(footprint.bytes[Footprint::kSwap], 6 * 1024.0);
}
