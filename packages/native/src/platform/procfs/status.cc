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

constexpr uint32_t kAllCapabilities = 0b11111;
constexpr size_t kKeyBytes = sizeof(uint64_t);

// The first eight bytes of a key, which ends with its colon, as a number.
constexpr uint64_t key(std::string_view text) {
  uint64_t bytes = 0;
  for (size_t i = 0; i < text.size() && i < kKeyBytes; i++) {
    bytes |= uint64_t{static_cast<unsigned char>(text[i])} << (8 * i);
  }
  return bytes;
}

// The key of a line: its first eight bytes, without what is behind a colon.
uint64_t key_of(std::string_view line) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  uint64_t bytes;
  if (line.size() < kKeyBytes) {
    bytes = key(line);
  } else {
    std::memcpy(&bytes, line.data(), kKeyBytes);
    if constexpr (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) bytes = __builtin_bswap64(bytes);
  }
  // The lowest of these bits is that of the first colon.
  const uint64_t differences = bytes ^ kOnes * ':';
  const uint64_t colons = (differences - kOnes) & ~differences & kOnes * 0x80;
  return colons == 0 ? bytes : bytes & (colons ^ (colons - 1));
}

class Parser {
 public:
  Parser(StatusText& out, FieldSet wanted) : out_(out), wanted_(wanted) {}

  // A line that is not wanted costs a few comparisons of its key. Half of the lines are of that kind, in nearly all reads.
  void line(std::string_view line) {
    switch (key_of(line)) {
      case key("Name:"):
        out_.name = behind(line, 5);
        out_.present |= bit(Field::name);
        return;
      case key("Umask:"):
        return octal(line, 6, Field::umask);
      case key("State:"):
        return state(line.substr(6));
      case key("Tgid:"):
        Scanner(line.substr(5)).number(out_.tgid);
        return;
      case key("PPid:"):
        return number(line, 5, Field::ppid);
      case key("Uid:"):
        if (wants(bit(Field::uids) | bit(Field::username)) && three_numbers(line.substr(4), out_.uids)) {
          out_.present |= bit(Field::uids) | bit(Field::username);
        }
        return;
      case key("Gid:"):
        if (wants(bit(Field::gids)) && three_numbers(line.substr(4), out_.gids)) out_.present |= bit(Field::gids);
        return;
      case key("Groups:"):
        out_.groups = line.substr(7);
        out_.present |= bit(Field::groups);
        return;
      case key("NSpgid:"):
        return number(line, 7, Field::pgid);
      case key("NSsid:"):
        return number(line, 6, Field::sid);
      // In the order of the members of Field::memoryDetail.
      case key("VmHWM:"):
        return memory(line, "VmHWM:", 0);
      case key("VmPeak:"):
        return memory(line, "VmPeak:", 1);
      case key("RssAnon:"):
        return memory(line, "RssAnon:", 2);
      case key("RssFile:"):
        return memory(line, "RssFile:", 3);
      case key("RssShmem:"):
        return memory(line, "RssShmem:", 4);
      case key("VmSwap:"):
        return memory(line, "VmSwap:", 5);
      case key("HugetlbPages:"):
        return memory(line, "HugetlbPages:", 6);
      case key("VmLck:"):
        return memory(line, "VmLck:", 7);
      case key("VmPin:"):
        return memory(line, "VmPin:", 8);
      case key("VmStk:"):
        return memory(line, "VmStk:", 9);
      case key("VmLib:"):
        return memory(line, "VmLib:", 10);
      case key("VmPTE:"):
        return memory(line, "VmPTE:", 11);
      case key("Threads:"):
        number(line, 8, Field::threads);
        // The lines of memory come before.
        if (out_.numbers.has(Field::threads)) out_.present |= bit(Field::memoryDetail) & wanted_;
        out_.reaped = is_zero(Field::threads);
        return;
      case key("SigPnd:"):
        return signals(line, SignalSets::kPending);
      case key("ShdPnd:"):
        return signals(line, SignalSets::kProcessPending);
      case key("SigBlk:"):
        return signals(line, SignalSets::kBlocked);
      case key("SigIgn:"):
        return signals(line, SignalSets::kIgnored);
      case key("SigCgt:"):
        return signals(line, SignalSets::kCaught);
      // In the order of the members of Field::capabilities.
      case key("CapEff:"):
        return capability(line, 0);
      case key("CapPrm:"):
        return capability(line, 1);
      case key("CapInh:"):
        return capability(line, 2);
      case key("CapBnd:"):
        return capability(line, 3);
      case key("CapAmb:"):
        return capability(line, 4);
      case key("NoNewPrivs:"):
        return no_new_privs(line, "NoNewPrivs:");
      case key("Seccomp:"):
        if (Scanner(line.substr(8)).number(out_.seccomp)) out_.present |= bit(Field::seccomp);
        return;
      case key("Cpus_allowed:"):
        return processors(line, "Cpus_allowed:");
      case key("voluntary_ctxt_switches:"):
        return switches(line, "voluntary_ctxt_switches:", 0);
      case key("nonvoluntary_ctxt_switches:"):
        return switches(line, "nonvoluntary_ctxt_switches:", 1);
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

  bool wants(FieldSet fields) const { return (wanted_ & fields) != 0; }

  // The keys of these may be longer than what was compared.

  void memory(std::string_view line, std::string_view key, size_t member) {
    uint64_t kilobytes;
    if (!wants(bit(Field::memoryDetail)) || !starts_with(line, key)) return;
    if (!Scanner(line.substr(key.size())).number(kilobytes)) return;
    out_.memory.bytes[member] = static_cast<double>(kilobytes) * 1024;
    out_.memory.present |= uint32_t{1} << member;
  }

  void no_new_privs(std::string_view line, std::string_view key) {
    uint32_t value;
    if (!starts_with(line, key) || !Scanner(line.substr(key.size())).number(value)) return;
    out_.no_new_privs = value != 0;
    out_.present |= bit(Field::noNewPrivs);
  }

  void processors(std::string_view line, std::string_view key) {
    if (!starts_with(line, key)) return;
    out_.cpus = behind(line, key.size());
    out_.present |= bit(Field::affinity);
  }

  void switches(std::string_view line, std::string_view key, size_t which) {
    uint64_t count;
    if (!starts_with(line, key) || !Scanner(line.substr(key.size())).number(count)) return;
    out_.switches[which] = static_cast<double>(count);
    switches_ |= 1u << which;
    if (switches_ == 0b11) out_.present |= bit(Field::contextSwitches);
  }

  void capability(std::string_view line, size_t member) {
    if (!wants(bit(Field::capabilities)) || !Scanner(line.substr(7)).hex(out_.capabilities[member])) return;
    capabilities_ |= uint32_t{1} << member;
    if (capabilities_ == kAllCapabilities) out_.present |= bit(Field::capabilities);
  }

  void signals(std::string_view line, SignalSets::Set which) {
    if (Scanner(line.substr(7)).hex(out_.signals.sets[which][0])) out_.signals.known |= uint64_t{1} << which;
  }

  StatusText& out_;
  const FieldSet wanted_;
  uint32_t capabilities_ = 0;
  uint32_t switches_ = 0;
};

constexpr FieldSet kBehindSignals = bit(Field::capabilities) | bit(Field::noNewPrivs) | bit(Field::seccomp) |
                                    bit(Field::affinity) | bit(Field::contextSwitches);
constexpr FieldSet kBehindSid = bit(Field::threads) | bit(Field::sigmasks) | bit(Field::memoryDetail) | kBehindSignals;

}  // namespace

StatusText parse_status(std::string_view text, FieldSet wanted) {
  StatusText out;
  Parser parser(out, wanted);
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
