// Conversion of the values of /proc/PID/status: names, groups, processors and states.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/array.h"
#include "core/schema.h"

namespace psutil {

// Turns the file's \n and \\ back into the name of the process. Returns false if memory has run out.
bool unescape_name(std::string_view escaped, Array<char>& name);

// Reads the numbers of a Groups line. Returns false if memory has run out.
bool parse_groups(std::string_view line, Array<uint32_t>& groups);

// Reads the processors of a mask: words of 32 bits in hexadecimal, the highest first, separated by commas. Returns false if
// memory has run out.
bool parse_cpus(std::string_view mask, Array<uint32_t>& cpus);

// Whether this is the state of a process that has ended.
bool is_ended(char letter);

// Returns false for a letter that the man page does not list.
bool parse_state(char letter, State& state);

}  // namespace psutil
