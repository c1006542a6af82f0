// What a sampler puts of `stat` without reading it, see rest.h.
#pragma once

#include <string_view>

#include "platform/linux/open_process.h"
#include "platform/linux/rest.h"

namespace psutil {

void put_unchanged(OpenProcess& row, const Rest& rest);

// The sizes that `stat` has, from the text of `statm`. False if it is not such a text.
bool put_sampled_sizes(OpenProcess& row, std::string_view statm);

}  // namespace psutil
