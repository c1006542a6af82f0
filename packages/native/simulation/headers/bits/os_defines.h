// In place of the one that the C++ library has for glibc: another system's headers are in use.
#pragma once
