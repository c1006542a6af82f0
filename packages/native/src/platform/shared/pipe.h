// Whether what is written to a descriptor can still be read.
#pragma once

namespace psutil {

// False where the last reader of a pipe or a socket has closed it. A write would fail, but a program that has nothing to write
// would not notice: no event loop polls a pipe that it only writes to. It does not wait.
bool has_reader(int fd);

}  // namespace psutil
