#pragma once

namespace chorale::runtime {

// Memory that is freed stays with the process, for the next buffers: the activations of a training step or
// the features of a shard would else be given back to the kernel and faulted in again, which costs up to half
// of the time in training. First thing in main.
void keep_freed_memory();

}  // namespace chorale::runtime
