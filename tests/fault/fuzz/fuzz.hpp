// Feeds mutated inputs to a part of the program, in child processes, so that a crash or a hang is the finding
// of one input and not the end of the test.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace chorale::fuzz {

struct Plan {
  std::string name;                // of the target; another name, other mutations
  std::vector<std::string> seeds;  // sound inputs to start from
  std::vector<std::string> words;  // of the format, to be strewn in
  std::size_t count = 0;           // inputs
};

struct Findings {
  std::size_t accepted = 0, refused = 0;  // a result; an exception of the project's own
  // One line each: a crash, a hang, an exception of another kind; with the number of the input and the file
  // in which it is kept.
  std::vector<std::string> failures;
};

// `target` takes an input and returns, or throws. Each input has 30 s, and outside of AddressSanitizer 2 GiB
// of address space. Input number i is a function of the plan and i alone.
Findings fuzz(const Plan& plan, const std::function<void(const std::string& input)>& target);

std::string input_of(const Plan& plan, std::size_t number);

}  // namespace chorale::fuzz
