// Reads the numbers that kernels print. No function reads past the end of the text, and all accept any bytes.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "core/eight_bytes.h"

namespace psutil {

// A position in a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  bool done() const { return at_ == end_; }
  char peek() const { return at_ == end_ ? '\0' : *at_; }
  void step() { at_ += at_ != end_; }
  bool at_blank() const { return at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\n'); }

  void skip_blanks() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\t')) at_++;
  }

  // Skips blanks first. Returns false, and leaves the value as it is, if no digit follows or the number needs more than 64
  // bits.
  bool number(uint64_t& value) {
    skip_blanks();
    if (at_ == end_ || !is_digit(*at_)) return false;
    uint64_t sum = 0;
    // Most numbers are shorter, and stand before others.
    if (end_ - at_ >= EightBytes::kLength) {
      const EightBytes bytes(at_);
      const int digits = bytes.leading_digits();
      sum = bytes.number(digits);
      at_ += digits;
      if (digits < EightBytes::kLength) {
        value = sum;
        return true;
      }
    }
    for (; at_ != end_ && is_digit(*at_); at_++) {
      const auto digit = static_cast<uint64_t>(*at_ - '0');
      if (sum > (UINT64_MAX - digit) / 10) return false;
      sum = sum * 10 + digit;
    }
    value = sum;
    return true;
  }

  bool number(uint32_t& value) {
    uint64_t wide = 0;
    if (!number(wide) || wide > UINT32_MAX) return false;
    value = static_cast<uint32_t>(wide);
    return true;
  }

  // Accepts a sign. Returns false for a number that does not fit.
  bool number(int32_t& value) { return signed_number(value); }
  bool number(int64_t& value) { return signed_number(value); }

  // A user or group id. Kernels before 4.9 print ids beyond 31 bits as negative numbers (%d).
  bool id(uint32_t& value) {
    skip_blanks();
    if (peek() != '-') return number(value);
    step();
    uint64_t below = 0;
    if (done() || !is_digit(*at_) || !number(below) || below > uint64_t{1} << 31) return false;
    value = static_cast<uint32_t>(0 - below);
    return true;
  }

  bool octal(int32_t& value) {
    skip_blanks();
    if (at_ == end_ || *at_ < '0' || *at_ > '7') return false;
    int32_t sum = 0;
    for (; at_ != end_ && *at_ >= '0' && *at_ <= '7'; at_++) {
      if (sum > (INT32_MAX >> 3)) return false;
      sum = sum * 8 + (*at_ - '0');
    }
    value = sum;
    return true;
  }

  bool hex(uint64_t& value) {
    skip_blanks();
    uint64_t sum = 0;
    int digits = 0;
    for (; at_ != end_; at_++, digits++) {
      const int digit = hex_digit(*at_);
      if (digit < 0) break;
      sum = sum << 4 | static_cast<uint64_t>(digit);
    }
    if (digits == 0 || digits > 16) return false;
    value = sum;
    return true;
  }

  // The rest of the text.
  std::string_view rest() const { return {at_, static_cast<size_t>(end_ - at_)}; }

  // Moves from the blank before a column to the one that ends the last of so many columns, or to the end of the text. One blank
  // stands between two of them.
  void skip_columns(int count) {
    if (count == 0 || at_ == end_) return;
    for (at_++; end_ - at_ >= EightBytes::kLength; at_ += EightBytes::kLength) {
      uint64_t blanks = EightBytes(at_).marks(' ');
      const int found = EightBytes::count(blanks);
      if (found < count) {
        count -= found;
        continue;
      }
      for (; count > 1; count--) blanks &= blanks - 1;
      at_ += EightBytes::first(blanks);
      return;
    }
    for (; at_ != end_; at_++) {
      if (*at_ == ' ' && --count == 0) return;
    }
  }

  // The text up to the next white space.
  std::string_view word() {
    skip_blanks();
    const char* from = at_;
    while (at_ != end_ && *at_ != ' ' && *at_ != '\t' && *at_ != '\n') at_++;
    return {from, static_cast<size_t>(at_ - from)};
  }

 private:
  template <typename Signed>
  bool signed_number(Signed& value) {
    skip_blanks();
    const bool negative = peek() == '-';
    if (negative) step();
    uint64_t wide = 0;
    if (done() || !is_digit(*at_) || !number(wide)) return false;
    if (wide > static_cast<uint64_t>(std::numeric_limits<Signed>::max())) return false;
    value = negative ? -static_cast<Signed>(wide) : static_cast<Signed>(wide);
    return true;
  }

  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  }

  const char* at_;
  const char* end_;
};

}  // namespace psutil
