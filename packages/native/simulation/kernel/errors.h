// Error numbers as the simulated system counts them: compiled with its headers.
#pragma once

namespace simulation {

// Ends the program for a name that it does not know: a test has misspelt it.
int error_number(const char* name);

// For a function of the C library: sets errno and answers −1.
int fail(const char* name);

}  // namespace simulation
