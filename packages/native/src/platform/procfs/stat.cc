#include "platform/procfs/stat.h"

#include <initializer_list>

#include "core/text.h"

namespace psutil {
namespace {

constexpr int kState = 3;
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

struct Numbers {
  uint64_t places = 0;
  Field fields[kStatPlaces] = {};
};
constexpr Numbers numbers_by_place() {
  Numbers by_place;
  for (const StatNumber& number : kStatNumbers) {
    by_place.places |= uint64_t{1} << number.place;
    by_place.fields[number.place] = number.field;
  }
  return by_place;
}
constexpr Numbers kNumbers = numbers_by_place();

// The numbers up to the start time are read always: most of them are needed.
constexpr uint64_t kAlways = uint64_t{1} << kStart | (kNumbers.places & ((uint64_t{1} << kStart) - 1));

uint64_t places_of(FieldSet wanted) {
  uint64_t set = 0;
  for (const Needs& needs : kNeeds) set |= (wanted & bit(needs.field)) != 0 ? needs.places : 0;
  for (const StatNumber& number : kStatNumbers) set |= (wanted & bit(number.field)) != 0 ? uint64_t{1} << number.place : 0;
  return set;
}

// A number that may be negative, in two's complement.
bool scan_word(Scanner& scanner, uint64_t& value) {
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
  if (open == std::string_view::npos) return false;
  size_t close = std::string_view::npos;
  for (size_t at = text.find(')', open); at != std::string_view::npos; at = text.find(')', at + 1)) close = at;
  if (close == std::string_view::npos) return false;
  out.name = text.substr(open + 1, close - open - 1);
  // One blank stands before each column. The first one is the state.
  const std::string_view columns = text.substr(close + 1);
  if (columns.size() < 3 || columns[0] != ' ' || columns[1] == ' ' || columns[2] != ' ') return false;
  out.state = columns[1];
  Scanner scanner(columns.substr(2));
  int place = kState + 1;
  for (uint64_t read = kAlways | places_of(wanted); read != 0; read &= read - 1) {
    const int next = __builtin_ctzll(read);
    scanner.skip_columns(next - place);
    place = next + 1;
    scanner.step();
    if (scanner.at_blank()) return false;
    if ((kNumbers.places >> next & 1) != 0) {
      if (!out.numbers.scan(kNumbers.fields[next], scanner)) return false;
    } else if (next == kStart) {
      if (!scanner.number(out.start)) return false;
    } else if (!scan_word(scanner, out.at[next])) {
      return false;
    }
    // A word that only begins with digits is no number. A number at the end of the text is cut off, because every kernel writes
    // more columns.
    if (scanner.peek() != ' ') return false;
  }
  return true;
}

}  // namespace psutil
