#include "platform/linux/sockets.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "platform/linux/lines.h"
#include "platform/shared/errno.h"

namespace psutil {
namespace {

struct Table {
  const char* path;
  ConnectionType type;
  bool is_v6;
};
constexpr Table kTables[] = {
    {"net/tcp", ConnectionType::kStream, false}, {"net/tcp6", ConnectionType::kStream, true},
    {"net/udp", ConnectionType::kDgram, false},  {"net/udp6", ConnectionType::kDgram, true},
    {"net/raw", ConnectionType::kRaw, false},    {"net/raw6", ConnectionType::kRaw, true},
};

bool type_of_unix(uint32_t number, ConnectionType& type) {
  if (number == SOCK_STREAM) type = ConnectionType::kStream;
  else if (number == SOCK_DGRAM) type = ConnectionType::kDgram;
  else if (number == SOCK_SEQPACKET) type = ConnectionType::kSeqpacket;
  else return false;
  return true;
}

void put_address(const SocketAddress& address, bool is_v6, PackedValue& list) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.is_known) inet_ntop(is_v6 ? AF_INET6 : AF_INET, address.bytes, text, sizeof text);
  list.present(address.is_known);
  if (address.is_known) list.text(text);
  list.present(address.is_known);
  if (address.is_known) list.number(address.port);
}

// A table may be missing, for example in a kernel without IPv6.
Failure unless_absent(const Failure& failure) { return failure.number == ENOENT ? Failure{} : failure; }

}  // namespace

Failure Sockets::of_namespace(uint64_t space, ProcRoot& root, int directory, Array<char>& lines, Range& range) {
  for (size_t i = 0; space != 0 && i < ranges_.size(); i++) {
    if (ranges_[i].space != space) continue;
    range = ranges_[i];
    return {};
  }
  range = {space, entries_.size(), 0};
  Failure failure;
  for (const Table& table : kTables) {
    if (failure.ok()) failure = read_inet(root, directory, table.path, table.type, table.is_v6, lines);
  }
  if (failure.ok()) failure = read_unix(root, directory, lines);
  if (!failure.ok()) {
    entries_.resize(range.begin);
    return failure;
  }
  range.end = entries_.size();
  std::sort(entries_.data() + range.begin, entries_.data() + range.end,
            [](const Entry& a, const Entry& b) { return a.inode < b.inode; });
  return ranges_.push(range) ? Failure{} : failure_of(ENOMEM, "malloc");
}

Failure Sockets::read_inet(ProcRoot& root, int directory, const char* path, ConnectionType type, bool is_v6, Array<char>& lines) {
  Lines table(root, directory, path, lines);
  std::string_view line;
  while (table.next(line)) {
    InetSocket socket;
    // A socket of no process, such as a connection that waits for late packets, has no inode.
    if (!parse_inet_socket(line, is_v6, socket) || socket.inode == 0) continue;
    Entry entry = {};
    entry.inode = socket.inode;
    entry.family = is_v6 ? ConnectionFamily::kInet6 : ConnectionFamily::kInet;
    entry.type = type;
    entry.has_state = type == ConnectionType::kStream && parse_connection_state(socket.state, entry.state);
    entry.local = socket.local;
    entry.remote = socket.remote;
    if (entry.has_state && entry.state == ConnectionState::kListen) entry.remote.is_known = false;
    if (!entries_.push(entry)) return failure_of(ENOMEM, "malloc");
  }
  return unless_absent(table.failure());
}

Failure Sockets::read_unix(ProcRoot& root, int directory, Array<char>& lines) {
  Lines table(root, directory, "net/unix", lines);
  std::string_view line;
  bool is_heading = true;
  bool is_taken = false;  // whether the socket of the last line was kept
  while (table.next(line)) {
    UnixSocket socket;
    if (parse_unix_socket(line, socket)) {
      Entry entry = {};
      entry.inode = socket.inode;
      entry.family = ConnectionFamily::kUnix;
      entry.name = names_.size();
      entry.name_length = socket.name.size();
      is_taken = socket.inode != 0 && type_of_unix(socket.type, entry.type);
      const bool pushed = !is_taken || (names_.append(socket.name.data(), socket.name.size()) && entries_.push(entry));
      if (!pushed) return failure_of(ENOMEM, "malloc");
    } else if (is_taken && !is_heading) {
      // The kernel does not escape an end of line in a name.
      Entry& entry = entries_[entries_.size() - 1];
      if (!names_.push('\n') || !names_.append(line.data(), line.size())) return failure_of(ENOMEM, "malloc");
      entry.name_length += line.size() + 1;
    }
    is_heading = false;
  }
  return unless_absent(table.failure());
}

const Sockets::Entry* Sockets::find(const Range& range, uint64_t inode) const {
  const Entry* const end = entries_.data() + range.end;
  const Entry* const found = std::lower_bound(entries_.data() + range.begin, end, inode,
                                              [](const Entry& entry, uint64_t wanted) { return entry.inode < wanted; });
  return found == end || found->inode != inode ? nullptr : found;
}

bool Sockets::put(const Range& range, uint64_t inode, int32_t descriptor, PackedValue& list) const {
  const Entry* const entry = find(range, inode);
  if (entry == nullptr) return false;
  list.number(descriptor);
  list.number(static_cast<uint8_t>(entry->family));
  list.number(static_cast<uint8_t>(entry->type));
  if (entry->family == ConnectionFamily::kUnix) {
    list.present(entry->name_length > 0);
    if (entry->name_length > 0) list.text({names_.data() + entry->name, entry->name_length});
    for (int i = 0; i < 3; i++) list.present(false);  // its port, and the other end
  } else {
    const bool is_v6 = entry->family == ConnectionFamily::kInet6;
    put_address(entry->local, is_v6, list);
    put_address(entry->remote, is_v6, list);
  }
  list.present(entry->has_state);
  if (entry->has_state) list.number(static_cast<uint8_t>(entry->state));
  return true;
}

void Sockets::drop() {
  ranges_.recycle();
  entries_.recycle();
  names_.recycle();
}

}  // namespace psutil
