// Reads a file of any length line by line. The kernel writes such a file record by record, and one read returns a page.
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

  // The next line, without its end. It stays until the next call. Returns false after the last whole line, and on a failure.
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
