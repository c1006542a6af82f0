// /proc/PID/cmdline and environ: https://man7.org/linux/man-pages/man5/proc_pid_cmdline.5.html, get_mm_cmdline() in
// fs/proc/base.c. Texts that end in a null byte each.
#pragma once

#include "core/packed_value.h"

namespace psutil {

// The arguments. What a process has written in their place is one argument, without the padding behind it.
void put_arguments(std::string_view text, PackedValue& arguments);

// The entries, whatever they are, but for empty ones.
void put_environment(std::string_view text, PackedValue& entries);

}  // namespace psutil
