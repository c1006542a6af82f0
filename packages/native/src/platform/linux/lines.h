// Reads a file of any length line by line: a list that the kernel writes record by record, of which one read returns a page.
#pragma once

#include <string_view>

#include "core/array.h"
#include "core/failure.h"
#include "platform/linux/proc_root.h"
#include "platform/shared/file.h"

namespace psutil {

class Lines {
 public:
  // `buffer` is kept between files.
  Lines(ProcRoot& root, int directory, const char* path, Array<char>& buffer);

  // A line without its end, which stays until the next call. False behind the last whole one, and where it failed.
  bool next(std::string_view& line);
  const Failure& failure() const { return failure_; }

 private:
  bool fill();

  Array<char>& buffer_;
  const Descriptor file_;
  size_t at_ = 0;
  Failure failure_;
};

}  // namespace psutil
