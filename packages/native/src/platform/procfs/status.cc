#include "platform/procfs/status.h"

#include <cstring>

#include "core/text.h"
#include "platform/procfs/status_value.h"

namespace psutil {
namespace {

bool starts_with(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && std::memcmp(text.data(), start.data(), start.size()) == 0;
}

std::string_view behind(std::string_view line, size_t key) {
  line.remove_prefix(key);
  if (!line.empty() && line.front() == '\t') line.remove_prefix(1);
  return line;
}

bool three_numbers(std::string_view line, uint32_t (&values)[3]) {
  Scanner scanner(line);
  return scanner.id(values[0]) && scanner.id(values[1]) && scanner.id(values[2]);
}

constexpr uint64_t kAllSets = (1u << SignalSets::kSets) - 1;

// In the order of the members of Field::memoryDetail.
constexpr std::string_view kMemoryLines[MemoryLines::kLines] = {
    "VmHWM:", "VmPeak:", "RssAnon:", "RssFile:", "RssShmem:", "VmSwap:", "HugetlbPages:", "VmLck:", "VmPin:", "VmStk:", "VmLib:", "VmPTE:",
};
// In the order of the members of Field::capabilities.
constexpr std::string_view kCapabilityLines[] = {"CapEff:", "CapPrm:", "CapInh:", "CapBnd:", "CapAmb:"};
constexpr uint32_t kAllCapabilities = 0b11111;

class Parser {
 public:
  explicit Parser(StatusText& out) : out_(out) {}

  // Dispatches on the first letter, so a line that is not requested costs a comparison or two.
  void line(std::string_view line) {
    if (line.empty()) return;
    switch (line.front()) {
      case 'N':
        if (starts_with(line, "Name:")) {
          out_.name = behind(line, 5);
          out_.present |= bit(Field::name);
        } else if (starts_with(line, "NSpgid:")) {
          number(line, 7, Field::pgid);
        } else if (starts_with(line, "NSsid:")) {
          number(line, 6, Field::sid);
        } else if (starts_with(line, "NoNewPrivs:")) {
          uint32_t value;
          if (!Scanner(line.substr(11)).number(value)) return;
          out_.no_new_privs = value != 0;
          out_.present |= bit(Field::noNewPrivs);
        }
        return;
      case 'U':
        if (starts_with(line, "Umask:")) {
          octal(line, 6, Field::umask);
        } else if (starts_with(line, "Uid:")) {
          if (three_numbers(line.substr(4), out_.uids)) out_.present |= bit(Field::uids) | bit(Field::username);
        }
        return;
      case 'G':
        if (starts_with(line, "Gid:")) {
          if (three_numbers(line.substr(4), out_.gids)) out_.present |= bit(Field::gids);
        } else if (starts_with(line, "Groups:")) {
          out_.groups = line.substr(7);
          out_.present |= bit(Field::groups);
        }
        return;
      case 'P':
        if (starts_with(line, "PPid:")) number(line, 5, Field::ppid);
        return;
      case 'T':
        if (starts_with(line, "Threads:")) {
          number(line, 8, Field::threads);
          // The lines of memory come before.
          if (out_.numbers.has(Field::threads)) out_.present |= bit(Field::memoryDetail);
          out_.reaped = is_zero(Field::threads);
        } else if (starts_with(line, "Tgid:")) {
          Scanner(line.substr(5)).number(out_.tgid);
        }
        return;
      case 'S':
        if (starts_with(line, "State:")) {
          state(line.substr(6));
        } else if (starts_with(line, "Seccomp:")) {
          if (Scanner(line.substr(8)).number(out_.seccomp)) out_.present |= bit(Field::seccomp);
        } else {
          signals(line);
        }
        return;
      case 'V':
      case 'R':
      case 'H':
        memory(line);
        return;
      case 'C':
        if (starts_with(line, "Cpus_allowed:")) {
          out_.cpus = behind(line, 13);
          out_.present |= bit(Field::affinity);
        } else {
          capability(line);
        }
        return;
      case 'v':
        if (starts_with(line, "voluntary_ctxt_switches:")) switches(line, 24, 0);
        return;
      case 'n':
        if (starts_with(line, "nonvoluntary_ctxt_switches:")) switches(line, 27, 1);
        return;
    }
  }

  // Whether these may be the remains of a process that is gone. The number of threads decides that.
  bool is_doubtful() const {
    return is_ended(out_.state) || is_zero(Field::ppid) || is_zero(Field::pgid) || is_zero(Field::sid);
  }

  void finish() {
    // Every kernel that Node runs on has ShdPnd beside the others. The set is still optional in the API.
    if ((out_.signals.known & 0xf) == 0xf) out_.present |= bit(Field::sigmasks);
  }

 private:
  void number(std::string_view line, size_t key, Field field) {
    Scanner scanner(line.substr(key));
    if (out_.numbers.scan(field, scanner)) out_.present |= bit(field);
  }

  void octal(std::string_view line, size_t key, Field field) {
    int32_t value;
    if (!Scanner(line.substr(key)).octal(value)) return;
    out_.numbers.set(field, static_cast<uint32_t>(value));
    out_.present |= bit(field);
  }

  bool is_zero(Field field) const { return out_.numbers.has(field) && out_.numbers.bits(field) == 0; }

  void state(std::string_view value) {
    Scanner scanner(value);
    scanner.skip_blanks();
    out_.state = scanner.peek();
    out_.has_state = !scanner.done();
    if (out_.has_state) out_.present |= bit(Field::state);
  }

  void memory(std::string_view line) {
    for (size_t i = 0; i < MemoryLines::kLines; i++) {
      uint64_t kilobytes;
      if (!starts_with(line, kMemoryLines[i])) continue;
      if (!Scanner(line.substr(kMemoryLines[i].size())).number(kilobytes)) return;
      out_.memory.bytes[i] = static_cast<double>(kilobytes) * 1024;
      out_.memory.present |= uint32_t{1} << i;
      return;
    }
  }

  void capability(std::string_view line) {
    for (size_t i = 0; i < sizeof kCapabilityLines / sizeof kCapabilityLines[0]; i++) {
      if (!starts_with(line, kCapabilityLines[i])) continue;
      if (Scanner(line.substr(7)).hex(out_.capabilities[i])) capabilities_ |= uint32_t{1} << i;
      if (capabilities_ == kAllCapabilities) out_.present |= bit(Field::capabilities);
      return;
    }
  }

  void switches(std::string_view line, size_t key, size_t which) {
    uint64_t count;
    if (!Scanner(line.substr(key)).number(count)) return;
    out_.switches[which] = static_cast<double>(count);
    switches_ |= 1u << which;
    if (switches_ == 0b11) out_.present |= bit(Field::contextSwitches);
  }

  void signals(std::string_view line) {
    if (starts_with(line, "SigBlk:")) return set(line, SignalSets::kBlocked);
    if (starts_with(line, "SigIgn:")) return set(line, SignalSets::kIgnored);
    if (starts_with(line, "SigCgt:")) return set(line, SignalSets::kCaught);
    if (starts_with(line, "SigPnd:")) return set(line, SignalSets::kPending);
    if (starts_with(line, "ShdPnd:")) return set(line, SignalSets::kProcessPending);
  }

  void set(std::string_view line, SignalSets::Set which) {
    if (Scanner(line.substr(7)).hex(out_.signals.sets[which][0])) out_.signals.known |= uint64_t{1} << which;
  }

  StatusText& out_;
  uint32_t capabilities_ = 0;
  uint32_t switches_ = 0;
};

constexpr FieldSet kBehindSignals = bit(Field::capabilities) | bit(Field::noNewPrivs) | bit(Field::seccomp) |
                                    bit(Field::affinity) | bit(Field::contextSwitches);
constexpr FieldSet kBehindSid = bit(Field::threads) | bit(Field::sigmasks) | bit(Field::memoryDetail) | kBehindSignals;

}  // namespace

StatusText parse_status(std::string_view text, FieldSet wanted) {
  StatusText out;
  Parser parser(out);
  const char* at = text.data();
  const char* const end = at + text.size();
  const FieldSet ahead = wanted & ~kBehindSid;
  const bool stays_ahead = ahead == wanted;
  while (at != end) {
    const auto* found = static_cast<const char*>(std::memchr(at, '\n', static_cast<size_t>(end - at)));
    if (found == nullptr) break;  // the line is cut off, perhaps within its value
    const std::string_view line(at, static_cast<size_t>(found - at));
    parser.line(line);
    at = found + 1;
    if (stays_ahead) {
      // The number of threads shows whether a 0 here is the remains of a process that is gone.
      if (starts_with(line, "Threads:")) break;
      const bool has_all = (out.present & ahead) == ahead && out.tgid != 0;
      if ((has_all || starts_with(line, "NSsid:")) && !parser.is_doubtful()) break;
    }
    if (out.signals.known == kAllSets && (wanted & kBehindSignals) == 0) break;
  }
  parser.finish();
  return out;
}

}  // namespace psutil
