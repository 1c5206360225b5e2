// Which commit of the source this program was built from; written by cmake/write_commit.cmake in every build.
#pragma once

namespace chorale::train {

extern const char* const kCommit;  // "48d365733d3c", "48d365733d3c+" with changes, "unknown"

}  // namespace chorale::train
