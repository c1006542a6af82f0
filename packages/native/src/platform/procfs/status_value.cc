#include "platform/procfs/status_value.h"

#include "core/text.h"

namespace psutil {

bool unescape_name(std::string_view escaped, Array<char>& name) {
  name.recycle();
  if (!name.reserve(escaped.size())) return false;
  for (size_t i = 0; i < escaped.size(); i++) {
    char c = escaped[i];
    if (c == '\\' && i + 1 < escaped.size() && (escaped[i + 1] == 'n' || escaped[i + 1] == '\\')) {
      c = escaped[++i] == 'n' ? '\n' : '\\';
    }
    name.push(c);
  }
  return true;
}

bool parse_groups(std::string_view line, Array<uint32_t>& groups) {
  groups.recycle();
  Scanner scanner(line);
  uint32_t gid;
  while (scanner.id(gid)) {
    if (!groups.push(gid)) return false;
  }
  return true;
}

bool parse_cpus(std::string_view mask, Array<uint32_t>& cpus) {
  cpus.recycle();
  uint32_t words = 0;
  for (const char c : mask) words += c == ',' ? 1 : 0;
  // Starts at the lowest word, which is the last.
  for (uint32_t word = 0; word <= words; word++) {
    const size_t comma = mask.rfind(',');
    uint64_t bits = 0;
    Scanner(comma == std::string_view::npos ? mask : mask.substr(comma + 1)).hex(bits);
    for (; bits != 0; bits &= bits - 1) {
      if (!cpus.push(word * 32 + static_cast<uint32_t>(__builtin_ctzll(bits)))) return false;
    }
    mask = mask.substr(0, comma == std::string_view::npos ? 0 : comma);
  }
  return true;
}

bool is_ended(char letter) { return letter == 'Z' || letter == 'X' || letter == 'x'; }

bool parse_state(char letter, State& state) {
  switch (letter) {
    case 'R':
    case 'W':  // waking, up to Linux 3.13: about to run
    case 'K':  // wakekill, up to the same version: ends as soon as it runs
      state = State::kRunning;
      return true;
    case 'S':
      state = State::kSleeping;
      return true;
    case 'D':
      state = State::kDiskSleep;
      return true;
    case 'T':
      state = State::kStopped;
      return true;
    case 't':
      state = State::kTracingStop;
      return true;
    case 'Z':
      state = State::kZombie;
      return true;
    case 'X':
    case 'x':
      state = State::kDead;
      return true;
    case 'I':
      state = State::kIdle;
      return true;
    case 'P':
      state = State::kParked;
      return true;
  }
  return false;
}

}  // namespace psutil
