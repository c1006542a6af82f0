// What TaskUsage has of a process.
#pragma once

#include "core/table_builder.h"
#include "platform/linux/bpf/record.h"
#include "platform/linux/terminal_names.h"

namespace psutil {

// Those of the fields whose values it holds, of those whose parts are here.
FieldSet held_by(const TaskUsage& usage, FieldSet fields);

// Puts these fields into the open row. Processor time is in whole ticks, as the file has it, unless it is `exact`. A bit of
// `namespaces` is set for each that this kernel has, as the members of Field::namespaces.
void put_usage(const TaskUsage& usage, FieldSet fields, TerminalNames& terminals, uint32_t namespaces, bool exact, TableBuilder& table);

}  // namespace psutil
