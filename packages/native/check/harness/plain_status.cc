#include "harness/plain_status.h"

#include <optional>
#include <string>
#include <vector>

#include "harness/check.h"

namespace check {
namespace {

using psutil::bit;
using psutil::Field;
using psutil::SignalSets;
using psutil::StatusText;

class Lines {
 public:
  // The text after the last '\n' is no line: a kernel ends each line.
  explicit Lines(std::string_view text) {
    for (size_t end; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1)) {
      lines_.push_back(text.substr(0, end));
    }
  }

  std::optional<std::string_view> value(std::string_view key) const {
    std::optional<std::string_view> found;
    for (const std::string_view line : lines_) {
      if (line.substr(0, key.size()) == key && line.substr(key.size(), 1) == ":") found = line.substr(key.size() + 1);
    }
    return found;
  }

 private:
  std::vector<std::string_view> lines_;
};

// Skips blanks, and removes a run of `digits` from the text. Returns it without leading zeros.
std::optional<std::string> run(std::string_view& text, std::string_view digits) {
  const size_t from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  text.remove_prefix(from);
  const size_t length = std::min(text.find_first_not_of(digits), text.size());
  if (length == 0) return {};
  std::string found(text.substr(0, length));
  text.remove_prefix(length);
  while (found.size() > 1 && found.front() == '0') found.erase(0, 1);
  return found;
}

std::optional<int64_t> decimal(std::string_view& text) {
  const size_t from = text.find_first_not_of(" \t");
  const bool negative = from != std::string_view::npos && text[from] == '-';
  if (negative) text.remove_prefix(from + 1);
  if (negative && (text.empty() || text.front() < '0' || text.front() > '9')) return {};
  const auto digits = run(text, "0123456789");
  if (!digits || digits->size() > 18) return {};
  int64_t value = 0;
  for (const char c : *digits) value = value * 10 + (c - '0');
  return negative ? -value : value;
}

bool integer(std::optional<std::string_view> text, int32_t& value) {
  if (!text) return false;
  const auto number = decimal(*text);
  if (!number || *number > INT32_MAX || *number < -INT32_MAX) return false;
  value = static_cast<int32_t>(*number);
  return true;
}

bool ids(std::optional<std::string_view> text, uint32_t (&values)[3]) {
  for (uint32_t& value : values) {
    const auto number = text ? decimal(*text) : std::nullopt;
    if (!number || *number > UINT32_MAX || *number < INT32_MIN) return false;
    value = static_cast<uint32_t>(*number);
  }
  return true;
}

bool octal(std::optional<std::string_view> text, int32_t& value) {
  const auto digits = text ? run(*text, "01234567") : std::nullopt;
  if (!digits || digits->size() > 20) return false;
  uint64_t sum = 0;
  for (const char c : *digits) sum = sum * 8 + static_cast<uint64_t>(c - '0');
  if (sum > INT32_MAX) return false;
  value = static_cast<int32_t>(sum);
  return true;
}

std::optional<uint64_t> natural(std::optional<std::string_view> text, uint64_t max) {
  const auto digits = text ? run(*text, "0123456789") : std::nullopt;
  if (!digits || digits->size() > 20) return {};
  unsigned __int128 value = 0;
  for (const char c : *digits) value = value * 10 + static_cast<unsigned>(c - '0');
  if (value > max) return {};
  return static_cast<uint64_t>(value);
}

bool set(std::optional<std::string_view> text, uint64_t& value) {
  const size_t from = text ? text->find_first_not_of(" \t") : std::string_view::npos;
  if (from == std::string_view::npos) return false;
  const std::string_view rest = text->substr(from);
  const size_t length = std::min(rest.find_first_not_of("0123456789abcdefABCDEF"), rest.size());
  if (length == 0 || length > 16) return false;
  value = std::strtoull(std::string(rest.substr(0, length)).c_str(), nullptr, 16);
  return true;
}

void take_usage(const Lines& lines, StatusText& out) {
  const char* const memory[] = {"VmHWM",        "VmPeak", "RssAnon", "RssFile", "RssShmem", "VmSwap",
                                "HugetlbPages", "VmLck",  "VmPin",   "VmStk",   "VmLib",    "VmPTE"};
  for (size_t i = 0; i < psutil::MemoryLines::kLines; i++) {
    const auto kilobytes = natural(lines.value(memory[i]), UINT64_MAX);
    if (!kilobytes) continue;
    out.memory.bytes[i] = static_cast<double>(*kilobytes) * 1024;
    out.memory.present |= 1u << i;
  }
  if (lines.value("Threads")) out.present |= bit(Field::memoryDetail);
  const auto voluntary = natural(lines.value("voluntary_ctxt_switches"), UINT64_MAX);
  const auto involuntary = natural(lines.value("nonvoluntary_ctxt_switches"), UINT64_MAX);
  if (voluntary) out.switches[0] = static_cast<double>(*voluntary);
  if (involuntary) out.switches[1] = static_cast<double>(*involuntary);
  if (voluntary && involuntary) out.present |= bit(Field::contextSwitches);
}

void take_security(const Lines& lines, StatusText& out) {
  const char* const capabilities[] = {"CapEff", "CapPrm", "CapInh", "CapBnd", "CapAmb"};
  bool has_all = true;
  for (size_t i = 0; i < 5; i++) has_all &= set(lines.value(capabilities[i]), out.capabilities[i]);
  if (has_all) out.present |= bit(Field::capabilities);
  if (const auto value = natural(lines.value("NoNewPrivs"), UINT32_MAX)) {
    out.no_new_privs = *value != 0;
    out.present |= bit(Field::noNewPrivs);
  }
  if (const auto value = natural(lines.value("Seccomp"), UINT32_MAX)) {
    out.seccomp = static_cast<uint32_t>(*value);
    out.present |= bit(Field::seccomp);
  }
  if (auto cpus = lines.value("Cpus_allowed")) {
    if (!cpus->empty() && cpus->front() == '\t') cpus->remove_prefix(1);
    out.cpus = *cpus;
    out.present |= bit(Field::affinity);
  }
}

}  // namespace

StatusText plain_status(std::string_view text) {
  const Lines lines(text);
  StatusText out;
  const auto mark = [&](Field field, bool there) { out.present |= there ? bit(field) : 0; };
  if (auto name = lines.value("Name")) {
    if (!name->empty() && name->front() == '\t') name->remove_prefix(1);
    out.name = *name;
    mark(Field::name, true);
  }
  if (const auto groups = lines.value("Groups")) {
    out.groups = *groups;
    mark(Field::groups, true);
  }
  if (const auto state = lines.value("State")) {
    const size_t from = state->find_first_not_of(" \t");
    out.has_state = from != std::string_view::npos;
    if (out.has_state) out.state = (*state)[from];
    mark(Field::state, out.has_state);
  }
  integer(lines.value("Tgid"), out.tgid);
  const auto take = [&](Field field, const char* key, auto parse) {
    int32_t value = 0;
    if (!parse(lines.value(key), value)) return;
    out.numbers.set(field, static_cast<uint64_t>(int64_t{value}));
    mark(field, true);
  };
  take(Field::ppid, "PPid", integer);
  take(Field::pgid, "NSpgid", integer);
  take(Field::sid, "NSsid", integer);
  take(Field::threads, "Threads", integer);
  take(Field::umask, "Umask", octal);
  out.reaped = out.numbers.has(Field::threads) && out.numbers.i32(Field::threads) == 0;
  mark(Field::uids, ids(lines.value("Uid"), out.uids));
  mark(Field::username, (out.present & bit(Field::uids)) != 0);
  mark(Field::username, (out.present & bit(Field::uids)) != 0);
  mark(Field::gids, ids(lines.value("Gid"), out.gids));
  const std::string_view keys[] = {"SigPnd", "SigBlk", "SigIgn", "SigCgt", "ShdPnd"};
  bool needed = true;
  for (size_t i = 0; i < SignalSets::kSets; i++) {
    const bool known = set(lines.value(keys[i]), out.signals.sets[i][0]);
    if (known) out.signals.known |= uint64_t{1} << i;
    needed = needed && (known || i == SignalSets::kProcessPending);
  }
  mark(Field::sigmasks, needed);
  take_usage(lines, out);
  take_security(lines, out);
  return out;
}

void expect_same_status(const StatusText& got, const StatusText& wanted, psutil::FieldSet fields, const char* file,
                        int line) {
  const auto equal = [&](const char* what, const auto& a, const auto& b) { expect_equal(file, line, what, a, b); };
  // Fields that the slow reading does not have are not compared.
  constexpr psutil::FieldSet kUnread = bit(Field::memoryDetail) | bit(Field::capabilities) | bit(Field::noNewPrivs) |
                                       bit(Field::seccomp) | bit(Field::affinity) | bit(Field::contextSwitches);
  equal("present", got.present & fields & ~kUnread, wanted.present & fields & ~kUnread);
  equal("tgid", got.tgid, wanted.tgid);
  const psutil::FieldSet both = got.present & wanted.present & fields;
  if (both & bit(Field::name)) equal("name", got.name, wanted.name);
  if (both & bit(Field::groups)) equal("groups", got.groups, wanted.groups);
  if (both & bit(Field::state)) equal("state", got.state, wanted.state);
  psutil::for_each(both & wanted.numbers.present(), [&](Field field) {
    equal(psutil::row_of(field).name, got.numbers.bits(field), wanted.numbers.bits(field));
  });
  for (size_t i = 0; i < 3; i++) {
    if (both & bit(Field::uids)) equal("uids", got.uids[i], wanted.uids[i]);
    if (both & bit(Field::gids)) equal("gids", got.gids[i], wanted.gids[i]);
  }
  if (both & bit(Field::memoryDetail)) equal("memory", got.memory.present, wanted.memory.present);
  for (size_t i = 0; (both & bit(Field::memoryDetail)) != 0 && i < psutil::MemoryLines::kLines; i++) {
    if ((wanted.memory.present >> i & 1) != 0) equal("memory, a line", got.memory.bytes[i], wanted.memory.bytes[i]);
  }
  for (size_t i = 0; i < 5; i++) {
    if (both & bit(Field::capabilities)) equal("capabilities", got.capabilities[i], wanted.capabilities[i]);
  }
  for (size_t i = 0; i < 2; i++) {
    if (both & bit(Field::contextSwitches)) equal("switches", got.switches[i], wanted.switches[i]);
  }
  if (both & bit(Field::noNewPrivs)) equal("no_new_privs", got.no_new_privs, wanted.no_new_privs);
  if (both & bit(Field::seccomp)) equal("seccomp", got.seccomp, wanted.seccomp);
  if (both & bit(Field::affinity)) equal("cpus", got.cpus, wanted.cpus);
  if ((both & bit(Field::sigmasks)) == 0) return;
  equal("signals.known", got.signals.known, wanted.signals.known);
  for (size_t i = 0; i < SignalSets::kSets; i++) {
    equal("signals.sets", got.signals.sets[i][0], wanted.signals.sets[i][0]);
    equal("signals.sets, the high word", got.signals.sets[i][1], wanted.signals.sets[i][1]);
  }
}

}  // namespace check
