// What the MPI files of this folder share. Not for use outside of it.
#pragma once

#include <mpi.h>

#include <string>

#include "pipeline/comm/mpi.hpp"

namespace chorale::comm {

// Throws MpiError with the library's own text: "rank 2: MPI_Bcast: ...".
void check(int code, const char* call);

// A communicator of its own, so that the messages of one part can't meet those of another. Collective. Null
// in a process that is alone.
class OwnedComm {
 public:
  OwnedComm() = default;             // null
  explicit OwnedComm(MPI_Comm all);  // a duplicate
  explicit OwnedComm(const MpiSession& session) : OwnedComm(session.comm().get()) {}
  OwnedComm(MPI_Comm all, int group, int rank);  // the ranks of one group, in order of `rank`
  ~OwnedComm();
  OwnedComm(const OwnedComm&) = delete;
  OwnedComm& operator=(const OwnedComm&) = delete;

  MPI_Comm get() const { return comm_; }

 private:
  MPI_Comm comm_ = MPI_COMM_NULL;
};

}  // namespace chorale::comm
