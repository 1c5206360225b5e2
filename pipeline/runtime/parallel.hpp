// Loops on several threads.
#pragma once

#include <cstddef>
#include <functional>

namespace chorale::runtime {

// Calls work(begin, end) for parts of 0 .. count - 1 until each index was in one, on at most `threads`
// threads, the calling one among them. Which parts there are and who takes them is left open, so what becomes
// of an index must not depend on it. Rethrows the first exception of `work`, after all have stopped.
void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t, std::size_t)>& work);

}  // namespace chorale::runtime
