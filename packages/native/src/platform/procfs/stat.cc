#include "platform/procfs/stat.h"

#include <initializer_list>

#include "core/text.h"

namespace psutil {
namespace {

constexpr int kStart = 22;

constexpr uint64_t places(std::initializer_list<StatPlace> list) {
  uint64_t set = 0;
  for (const StatPlace place : list) set |= uint64_t{1} << place;
  return set;
}

struct Needs {
  Field field;
  uint64_t places;
};
constexpr Needs kNeeds[] = {
    {Field::terminal, places({kTtyNr})},
    {Field::pageFaults, places({kMinflt, kCminflt, kMajflt, kCmajflt})},
    {Field::cpuTimes, places({kUtime, kStime, kCutime, kCstime, kBlockDelay})},
    {Field::memory, places({kVsize, kRss})},
    {Field::scheduler, places({kRtPriority, kPolicy})},
};

constexpr FieldSet numbers_behind_start() {
  FieldSet fields = 0;
  for (const StatNumber& number : kStatNumbers) fields |= number.place > kStart ? bit(number.field) : 0;
  return fields;
}
constexpr FieldSet kNumbersBehindStart = numbers_behind_start();

uint64_t places_of(FieldSet wanted) {
  uint64_t set = 0;
  for (const Needs& needs : kNeeds) set |= (wanted & bit(needs.field)) != 0 ? needs.places : 0;
  return set;
}

// A number that may be negative, in two's complement.
bool scan_word(Scanner& scanner, uint64_t& value) {
  scanner.skip_blanks();
  if (scanner.peek() != '-') return scanner.number(value);
  int64_t negative;
  if (!scanner.number(negative)) return false;
  value = static_cast<uint64_t>(negative);
  return true;
}

}  // namespace

bool parse_stat(std::string_view text, StatText& out, FieldSet wanted) {
  // Only letters and numbers follow the name. So the last parenthesis is its end, whatever the name contains.
  const size_t open = text.find('(');
  const size_t close = text.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return false;
  out.name = text.substr(open + 1, close - open - 1);
  Scanner scanner(text.substr(close + 1));
  const std::string_view state = scanner.word();
  if (state.size() != 1) return false;
  out.state = state.front();
  // A word that only begins with digits is no number. A number at the end of the text is cut off, because every kernel writes
  // more fields.
  const uint64_t needed = places_of(wanted);
  const StatNumber* number = kStatNumbers;
  const StatNumber* const end = kStatNumbers + sizeof kStatNumbers / sizeof kStatNumbers[0];
  const bool needs_all = needed >> (kStart + 1) != 0 || (wanted & kNumbersBehindStart) != 0;
  const int last = needs_all ? kStatPlaces - 1 : kStart;
  for (int place = 4; place <= last; place++) {
    if (number != end && number->place == place) {
      if (!out.numbers.scan(number++->field, scanner)) return false;
    } else if (place == kStart) {
      if (!scanner.number(out.start)) return false;
    } else if ((needed >> place & 1) != 0) {
      if (!scan_word(scanner, out.at[place])) return false;
    } else {
      scanner.word();
      continue;
    }
    if (!scanner.at_blank()) return false;
  }
  return true;
}

}  // namespace psutil
