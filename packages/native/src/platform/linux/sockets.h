// The sockets of network namespaces, by inode. A request reads the table of a namespace once for all of its processes.
#pragma once

#include "core/array.h"
#include "core/failure.h"
#include "core/packed_value.h"
#include "platform/linux/proc_root.h"
#include "platform/procfs/net.h"

namespace psutil {

class Sockets {
 public:
  // A place in the table of a namespace.
  struct Range {
    uint64_t space;
    size_t begin;
    size_t end;
  };

  // The sockets of the namespace with this inode. They are read beneath the process's directory if they are not known yet, and
  // each time for inode 0.
  Failure of_namespace(uint64_t space, ProcRoot& root, int directory, Array<char>& lines, Range& range);

  // Appends the members of Field::connections after the descriptor. Returns false if the namespace has no such socket.
  bool put(const Range& range, uint64_t inode, int32_t descriptor, PackedValue& list) const;

  // Forgets all sockets. They are stale by the next request.
  void drop();

 private:
  struct Entry {
    uint64_t inode;
    ConnectionFamily family;
    ConnectionType type;
    bool has_state;
    ConnectionState state;
    SocketAddress local;
    SocketAddress remote;
    size_t name;  // where the name of a unix socket begins
    size_t name_length;
  };

  Failure read_inet(ProcRoot& root, int directory, const char* path, ConnectionType type, bool is_v6, Array<char>& lines);
  Failure read_unix(ProcRoot& root, int directory, Array<char>& lines);
  const Entry* find(const Range& range, uint64_t inode) const;

  Array<Range> ranges_;
  Array<Entry> entries_;
  Array<char> names_;
};

}  // namespace psutil
