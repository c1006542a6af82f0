// Compares parse_status(), which stops early, with the slow reading.
#include "harness.h"
#include "harness/plain_status.h"
#include "platform/procfs/status.h"
#include "platform/procfs/status_value.h"

using namespace psutil;

namespace {

// Every kernel writes these in this order, each once, and the parser relies on it. (A process cannot add a line: the kernel
// escapes an end of line in its name.)
constexpr std::string_view kKeys[] = {"Name:",   "Umask:",  "State:", "Tgid:",   "PPid:",   "Uid:",    "Gid:",    "Groups:",
                                      "NSpgid:", "NSsid:",  "VmPeak:", "VmLck:", "VmPin:", "VmHWM:", "RssAnon:", "RssFile:", "RssShmem:", "VmStk:",
                                      "VmLib:", "VmPTE:", "VmSwap:", "HugetlbPages:", "Threads:", "SigPnd:", "ShdPnd:", "SigBlk:", "SigIgn:", "SigCgt:",
                                      "CapInh:", "CapPrm:", "CapEff:", "CapBnd:", "CapAmb:", "NoNewPrivs:", "Seccomp:", "Cpus_allowed:",
                                      "voluntary_ctxt_switches:", "nonvoluntary_ctxt_switches:"};
constexpr size_t kKeyCount = sizeof kKeys / sizeof kKeys[0];

bool is_in_order(std::string_view text) {
  size_t next = 0;
  for (size_t end; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1)) {
    for (size_t key = 0; key < kKeyCount; key++) {
      if (text.substr(0, kKeys[key].size()) != kKeys[key]) continue;
      if (key < next) return false;
      next = key + 1;
    }
  }
  return true;
}

void read_with(std::string_view text, FieldSet wanted, const StatusText* plain) {
  const StatusText got = parse_status(text, wanted);
  if (plain != nullptr) EXPECT_SAME_STATUS(got, *plain, wanted);
  Array<char> name;
  Array<uint32_t> groups;
  State state;
  EXPECT(unescape_name(got.name, name));
  EXPECT(name.size() <= got.name.size());
  EXPECT(parse_groups(got.groups, groups));
  EXPECT(groups.size() <= got.groups.size());
  parse_state(got.state, state);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const check::Bytes bytes = fuzz::bytes_of(data, size);
  const std::string_view text = bytes.text();
  const StatusText plain = check::plain_status(text);
  const StatusText* const same = is_in_order(text) ? &plain : nullptr;
  read_with(text, kAllFields, same);
  read_with(text, static_cast<FieldSet>(fuzz::choice(text, 1)) & kAllFields, same);
  fuzz::stop_if_failing(text);
  return 0;
}
