// The links to the namespaces of a process, beneath its directory.
#pragma once

#include <cstddef>

namespace psutil {

// In the order of the members of Field::namespaces.
constexpr const char* kNamespaceLinks[] = {"ns/cgroup", "ns/ipc", "ns/mnt", "ns/net", "ns/pid", "ns/time", "ns/user", "ns/uts"};
constexpr size_t kNamespaces = sizeof kNamespaceLinks / sizeof kNamespaceLinks[0];

}  // namespace psutil
