#pragma once
#include <sys/types.h>

#define MAXCOMLEN 16
#define MAXLOGNAME 33
#define NGROUPS 16
#define roundup(x, y) ((((x) + ((y) - 1)) / (y)) * (y))
