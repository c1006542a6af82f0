// The memory map of a process, and the memory that would be free if it ended.
#include <cerrno>

#include "platform/linux/life.h"
#include "platform/linux/links.h"
#include "platform/shared/errno.h"
#include "platform/procfs/smaps.h"

namespace psutil {
namespace {

// All members but the sizes.
bool put_mapping(OpenProcess& row, int directory, const MappingLine& mapping, PackedValue& list) {
  list.number(mapping.start);
  list.number(mapping.end);
  list.text(mapping.permissions);
  list.number(mapping.offset);
  list.text(mapping.device);
  list.number(static_cast<double>(mapping.inode));
  list.present(!mapping.path.empty());
  bool deleted = false;
  if (!mapping.path.empty()) {
    if (!unescape_path(mapping.path, row.scratch.path)) return false;
    std::string_view path(row.scratch.path.data(), row.scratch.path.size());
    // The file has the device too, but for a file system on several devices not the one that stat(2) returns.
    deleted = remove_deleted(directory, mapping.inode, row.scratch.link, path);
    list.text(path);
  }
  list.number(static_cast<uint8_t>(deleted ? 1 : 0));
  return true;
}

void put_sizes(const MappingSizes& sizes, PackedValue& list) {
  for (const double bytes : sizes.bytes) list.number(bytes);
}

Failure put_footprint(OpenProcess& row, const Footprint& footprint) {
  if (footprint.found) {
    row.put_struct(Field::memoryFootprint, footprint.bytes);
    return {};
  }
  const Failure failure = why_lacking(row, "read");
  if (failure.ok()) row.put_null(Field::memoryFootprint);
  return failure;
}

}  // namespace

Failure put_smaps_rollup(OpenProcess& row, std::string_view text) {
  Footprint footprint;
  for (size_t end; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1)) {
    footprint.add(text.substr(0, end));
  }
  return put_footprint(row, footprint);
}

Failure put_smaps(OpenProcess& row, std::string_view text) {
  const bool lists = row.wants(Field::memoryMaps);
  PackedValue list(row.scratch.packed);
  MappingLine mapping;
  MappingSizes sizes;
  Footprint footprint;
  bool has_mapping = false;
  for (size_t end; list.ok() && (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1)) {
    const std::string_view line = text.substr(0, end);
    if (!parse_mapping(line, mapping)) {
      footprint.add(line);
      if (lists) sizes.add(line);
      continue;
    }
    if (!lists) continue;
    if (has_mapping) put_sizes(sizes, list);
    has_mapping = true;
    sizes = {};
    if (!put_mapping(row, row.directory, mapping, list)) return failure_of(ENOMEM, "malloc");
  }
  if (has_mapping) put_sizes(sizes, list);
  if (!list.ok()) return failure_of(ENOMEM, "malloc");
  if (row.wants(Field::memoryFootprint)) {
    const Failure failure = put_footprint(row, footprint);
    if (!failure.ok()) return failure;
  }
  if (!lists) return {};
  if (!has_mapping) {
    const Failure failure = why_lacking(row, "read");
    if (!failure.ok()) return failure;
  }
  row.put_packed(Field::memoryMaps, list);
  return {};
}

}  // namespace psutil
