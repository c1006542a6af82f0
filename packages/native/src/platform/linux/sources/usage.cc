// Memory, and input and output. Each is a file.
#include <cerrno>

#include "core/text.h"
#include "platform/linux/open_process.h"
#include "platform/linux/page_size.h"
#include "platform/shared/errno.h"
#include "platform/procfs/io.h"

namespace psutil {

// Pages: size, resident, shared, text, lib (always 0), data, dt (always 0).
Failure put_statm(OpenProcess& row, std::string_view text) {
  enum Place { kSize, kResident, kShared, kText, kLib, kData, kPlaces };
  double bytes[kPlaces];
  Scanner scanner(text);
  for (double& value : bytes) {
    uint64_t pages;
    if (!scanner.number(pages)) return failure_of(EIO, "read");
    value = bytes_of_pages(pages);
  }
  row.lacks_memory = bytes[kSize] == 0;
  const double memory[] = {bytes[kResident], bytes[kSize], bytes[kShared], bytes[kText], bytes[kData]};
  row.put_struct(Field::memory, memory);
  return {};
}

Failure put_io(OpenProcess& row, std::string_view text) {
  IoText io;
  if (!parse_io(text, io)) return unsupported("read");
  row.put_struct(Field::io, io.values);
  return {};
}

}  // namespace psutil
