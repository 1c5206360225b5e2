// How a report was made, so that it can be made again.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "eval/report/report_folder.hpp"
#include "eval/report/run.hpp"

namespace chorale::eval {

// A section with commands.sh, and with configurations/ and environments/ of the runs. `command`: that of the
// report itself.
void add_making_of(ReportFolder& folder, const std::vector<Run>& runs, const std::string& command);

}  // namespace chorale::eval
