// The parsers of small files: whatever a file contains, nothing outside is read, and what is returned lies within.
#include <string>

#include "core/packed_value.h"
#include "harness.h"
#include "platform/linux/terminal_names.h"
#include "platform/procfs/cgroup.h"
#include "platform/procfs/cmdline.h"
#include "platform/procfs/exit_status.h"
#include "platform/procfs/fdinfo.h"
#include "platform/procfs/io.h"
#include "platform/procfs/life.h"
#include "platform/procfs/net.h"
#include "platform/procfs/smaps.h"
#include "platform/procfs/status_value.h"

using namespace psutil;

namespace {

bool lies_within(std::string_view part, std::string_view whole) {
  return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

// Each text follows four bytes. There are no more texts than bytes.
void read_texts(std::string_view text) {
  Array<uint8_t> packed;
  PackedValue arguments(packed);
  put_arguments(text, arguments);
  EXPECT(arguments.ok() && arguments.size() <= text.size() * 5);
  PackedValue entries(packed);
  put_environment(text, entries);
  EXPECT(entries.ok() && entries.size() <= text.size() * 5);
}

void read_line(std::string_view line) {
  MappingLine mapping;
  if (parse_mapping(line, mapping)) {
    EXPECT(lies_within(mapping.path, line) && lies_within(mapping.permissions, line) && lies_within(mapping.device, line));
  }
  Array<char> path;
  EXPECT(unescape_path(line, path) && path.size() <= line.size());
  MappingSizes sizes;
  sizes.add(line);
  Footprint footprint;
  footprint.add(line);
  InetSocket inet;
  for (const bool is_v6 : {false, true}) {
    if (parse_inet_socket(line, is_v6, inet)) EXPECT(inet.local.port <= UINT16_MAX && inet.remote.port <= UINT16_MAX);
  }
  Array<uint32_t> cpus;
  // Four processors for each digit, at most.
  if (parse_cpus(line, cpus)) EXPECT(cpus.size() <= line.size() * 4);
  UnixSocket named;
  if (parse_unix_socket(line, named)) EXPECT(lies_within(named.name, line));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const check::Bytes bytes = fuzz::bytes_of(data, size);
  const std::string_view text = bytes.text();
  read_texts(text);
  std::string_view rest = text;
  for (size_t end; (end = rest.find('\n')) != std::string_view::npos; rest.remove_prefix(end + 1)) read_line(rest.substr(0, end));
  read_line(rest);
  FdInfo info;
  parse_fdinfo(text, info);
  IoText io;
  parse_io(text, io);
  parse_life(text);
  ExitText exit;
  if (parse_exit(text, exit)) EXPECT(exit.has_status || exit.status == 0);
  const std::string_view path = parse_cgroup(text);
  EXPECT(lies_within(path, text));
  EXPECT(container_id(path).empty() || container_id(path).size() == 64);
  TerminalDriver driver;
  const auto major = static_cast<uint32_t>(fuzz::choice(text, 0) % 8);
  if (parse_tty_drivers(text, major, static_cast<uint32_t>(fuzz::choice(text, 1) % 128), driver)) EXPECT(lies_within(driver.node, text));
  fuzz::stop_if_failing(text);
  return 0;
}
