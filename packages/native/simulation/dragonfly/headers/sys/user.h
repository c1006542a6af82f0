#pragma once
#include <sys/kinfo.h>
