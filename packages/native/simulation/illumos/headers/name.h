// The name that a function of the simulated system has in the object files: see README.md.
#pragma once

#define SIMULATED(function) __asm__("illumos_" #function)
