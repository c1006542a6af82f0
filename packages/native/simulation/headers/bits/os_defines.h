// Replaces the C++ library's own file, which is for glibc: here another system's headers are used.
#pragma once
