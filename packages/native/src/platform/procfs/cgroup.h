// /proc/PID/cgroup: https://man7.org/linux/man-pages/man7/cgroups.7.html
#pragma once

#include <string_view>

namespace psutil {

// The path in the version 2 hierarchy, or in systemd's of version 1; null data where there is neither.
std::string_view parse_cgroup(std::string_view text);

// The id of a container by the path of its control group: 64 hexadecimal digits; empty where there is none.
std::string_view container_id(std::string_view path);

}  // namespace psutil
