// What the kernel says of this process.
#pragma once

namespace chorale::runtime {

double seconds_since_start();  // since the program was started, before its libraries were loaded; to 10 ms.
                               // NaN: unknown
double resident_mib();         // memory that it holds now, shared libraries included

}  // namespace chorale::runtime
