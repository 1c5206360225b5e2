#include "pipeline/runtime/process.hpp"

#include <unistd.h>

#include <cmath>
#include <ctime>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace chorale::runtime {
namespace {

constexpr int kStartTime = 22;  // field of /proc/self/stat: clock ticks since boot, see proc(5)

}  // namespace

double seconds_since_start() {
  std::ifstream file("/proc/self/stat");
  const std::string stat{std::istreambuf_iterator<char>(file), {}};
  std::istringstream fields(stat.substr(stat.rfind(')') + 1));  // the name, field 2, may hold spaces
  std::string field;
  for (int n = 3; n <= kStartTime; ++n) fields >> field;
  if (!fields) return std::nan("");
  std::timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec) -
         std::stod(field) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double resident_mib() {
  std::ifstream file("/proc/self/statm");
  double total = 0, resident = 0;  // pages
  file >> total >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1024 * 1024);
}

}  // namespace chorale::runtime
