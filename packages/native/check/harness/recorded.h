// The files in recorded/, and texts placed so that reading past their end is an error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace check {

extern const char* recorded_folder;

// A copy in a block of exactly its length: AddressSanitizer sees one byte more.
class Bytes {
 public:
  explicit Bytes(std::string_view text);
  Bytes(Bytes&& other) noexcept;
  Bytes& operator=(Bytes&&) = delete;
  ~Bytes();
  std::string_view text() const { return {data_, size_}; }

 private:
  char* data_;
  size_t size_;
};

// recorded/KIND/NAME, for example recorded("status", "6.18-sleep"). Ends the run if it cannot be read.
std::string recorded(std::string_view kind, std::string_view name);

// In order, so that all runs are the same.
std::vector<std::string> recorded_names(std::string_view kind);

}  // namespace check
