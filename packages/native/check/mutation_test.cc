// Compares parse_status() with the slow and obvious reading, on twenty thousand damaged files. The seed is fixed, so that a
// failure can be repeated.
#include "harness/check.h"
#include "harness/plain_status.h"
#include "harness/recorded.h"
#include "platform/procfs/status.h"

using namespace psutil;

namespace {

constexpr int kTexts = 20'000;

// https://www.jstatsoft.org/article/view/v008i14, xorshift64.
class Random {
 public:
  uint32_t below(size_t end) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return static_cast<uint32_t>((state_ >> 16) % end);
  }

 private:
  uint64_t state_ = 0x9e3779b97f4a7c15;
};

// The parser relies on each key once and in one order, as kernels write them. So no known key is repeated or moved. Lines are
// removed, look like others, or have odd values.
constexpr const char* kOddLines[] = {"",         "Name",         "Umask",       " Umask:\t0777", "umask:\t0777",
                                     "StateX:\tR", "NSpgidx:\t1",  "NSsid_:\t5",  "Threads\t9",    "\tThreads:\t3",
                                     "SigBlk\t1",  "Threads_max:\t4", "NewLine:\t1", "Cpus_allowed:1", ":"};
constexpr const char* kOddValues[] = {"",
                                      "\t",
                                      "\t ",
                                      " 7",
                                      "-5",
                                      "\t\t8",
                                      "\t08",
                                      "\t0777",
                                      "\t+1",
                                      "\t-1",
                                      "\t0x10",
                                      "\t2147483647",
                                      "\t2147483648",
                                      "\t-2147483648",
                                      "\t99999999999999999999999",
                                      "\t1\t2",
                                      "\t1\t2\t3",
                                      "\t-2\t-3\t-4",
                                      "\t4294967295\t0\t1",
                                      "\tffffffffffffffff",
                                      "\tfffffffffffffffff"};
constexpr char kBytes[] = "\n\t :-0178afFZ\\\x80\xff";

size_t line_start(const std::string& text, Random& random) {
  const size_t end = text.rfind('\n', random.below(text.size()));
  return end == std::string::npos ? 0 : end + 1;
}

void mutate(std::string& text, Random& random) {
  if (text.empty()) return;
  const size_t at = random.below(text.size());
  const char byte = kBytes[random.below(sizeof kBytes)];
  switch (random.below(8)) {
    case 0:
      text[at] = byte;
      return;
    case 1:
      text[at] = static_cast<char>(random.below(256));
      return;
    case 2:
      text.insert(at, 1, byte);
      return;
    case 3:
      text.erase(at, 1 + random.below(3));
      return;
    case 4: {
      const size_t from = line_start(text, random);
      const size_t end = text.find('\n', from);
      text.erase(from, end == std::string::npos ? end : end - from + 1);
      return;
    }
    case 5:
      text.insert(line_start(text, random), std::string(kOddLines[random.below(std::size(kOddLines))]) + '\n');
      return;
    case 6: {
      const size_t from = text.find(':', line_start(text, random));
      if (from == std::string::npos) return;
      const size_t end = std::min(text.find('\n', from), text.size());
      text.replace(from + 1, end - from - 1, kOddValues[random.below(std::size(kOddValues))]);
      return;
    }
    default:
      // Rarely, because little of the text is left to compare.
      if (random.below(4) == 0) text.resize(at);
  }
}

}  // namespace

TEST("twenty thousand damaged files have the values that a slow reading of them finds") {
  std::vector<std::string> originals;
  for (const std::string& name : check::recorded_names("status")) originals.push_back(check::recorded("status", name));
  Random random;
  for (int i = 0; i < kTexts; i++) {
    std::string text = originals[random.below(originals.size())];
    for (uint32_t left = random.below(5); left > 0; left--) mutate(text, random);
    const FieldSet wanted = i % 4 == 0 ? kAllFields : random.below(kAllFields + 1);
    const check::Bytes bytes(text);
    EXPECT_SAME_STATUS(parse_status(bytes.text(), wanted), check::plain_status(bytes.text()), wanted);
    if (!check::failing()) continue;
    const std::string which = "text " + std::to_string(i) + ", fields " + std::to_string(wanted);
    check::fail(__FILE__, __LINE__, which + ": " + check::shown(text));
    return;
  }
}
