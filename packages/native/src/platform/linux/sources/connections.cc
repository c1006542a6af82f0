// The connections of a process: its descriptors that are sockets, and their entries in the network namespace.
#include <cerrno>

#include "core/text.h"
#include "platform/linux/life.h"
#include "platform/linux/links.h"
#include "platform/linux/numbered.h"
#include "platform/shared/errno.h"
#include "platform/shared/pid_path.h"

namespace psutil {
namespace {

bool parse_socket_link(std::string_view target, uint64_t& inode) {
  constexpr std::string_view kStart = "socket:[";
  if (target.substr(0, kStart.size()) != kStart) return false;
  Scanner scanner(target.substr(kStart.size()));
  return scanner.number(inode) && scanner.peek() == ']';
}

// `is_whole` is false if there is none, or one was closed meanwhile: a process that is ending closes all of them.
Failure find_sockets(OpenProcess& row, int directory, bool& is_whole) {
  NumberedEntries links(directory, "fd", 0, SIZE_MAX, 0);
  Array<SocketDescriptor>& found = row.scratch.socket_descriptors;
  found.recycle();
  int32_t number;
  bool is_empty = true;
  bool lost_any = false;
  for (; links.next(number); is_empty = false) {
    const Failure failure = read_link(links.fd(), PidPath(number).directory(), row.scratch.link);
    if (failure.number == ENOENT || failure.kind == Failure::Kind::kGone) {
      lost_any = true;
      continue;
    }
    if (!failure.ok()) return failure;
    uint64_t inode;
    if (!parse_socket_link({row.scratch.link.data(), row.scratch.link.size()}, inode)) continue;
    if (!found.push({inode, number})) return failure_of(ENOMEM, "malloc");
  }
  is_whole = !is_empty && (!lost_any || directory != row.directory);
  return links.failure();
}

}  // namespace

Failure put_net(OpenProcess& row, int directory) {
  bool is_whole = false;
  Failure failure = find_sockets(row, directory, is_whole);
  if (failure.ok() && !is_whole) failure = why_empty(row, "getdents64");
  if (!failure.ok()) return failure;
  Array<SocketDescriptor>& descriptors = row.scratch.socket_descriptors;
  PackedValue list(row.scratch.packed);
  if (descriptors.size() > 0) {
    FileIdentity space = {};
    if (!identify(directory, "ns/net", space)) space.inode = 0;
    Sockets::Range sockets;
    failure = row.scratch.sockets.of_namespace(space.inode, row.root, directory, row.scratch.lines, sockets);
    if (!failure.ok()) return failure;
    for (size_t i = 0; i < descriptors.size(); i++) {
      // Sockets of other families, and TCP sockets that are neither bound nor connected, have no entry.
      row.scratch.sockets.put(sockets, descriptors[i].inode, descriptors[i].number, list);
    }
  }
  if (!list.ok()) return failure_of(ENOMEM, "malloc");
  row.put_packed(Field::connections, list);
  return {};
}

}  // namespace psutil
