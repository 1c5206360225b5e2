# shellcheck shell=bash
# Sourced by the job scripts of this folder. Submit from the project's folder, or set CHORALE_HOME to it.
set -euo pipefail
cd "${CHORALE_HOME:-${SLURM_SUBMIT_DIR:-.}}"
bin=${CHORALE_BIN:-build/release/bin}
if [[ ! -x $bin/chorale ]]; then
  echo "slurm: $PWD/$bin/chorale does not exist. Run ./run build there, or set CHORALE_HOME or CHORALE_BIN." >&2
  exit 2
fi

export OMP_NUM_THREADS=${SLURM_CPUS_PER_TASK:-1}
export HDF5_USE_FILE_LOCKING=FALSE # one writer a file by design; Lustre and NFS often have no locks

# on_all_tasks PROGRAM ARGUMENTS...: one job of all tasks. A job that a signal stopped after saving its state (exit
# status 75) goes back into the queue and continues there. When one task dies, srun ends the others a minute later at
# the most; it must not kill at once, as tasks that stop together do not exit in the same instant.
on_all_tasks() {
  local status=0 argument arguments=()
  for argument in "${@:2}"; do # a job that was requeued continues what it began anew
    [[ $argument =~ ^--(fresh|retry)$ && ${SLURM_RESTART_COUNT:-0} -gt 0 ]] || arguments+=("$argument")
  done
  srun --mpi=pmix --kill-on-bad-exit=0 --wait=60 "$bin/$1" "${arguments[@]}" || status=$?
  if [[ $status == 75 ]]; then
    echo "stopped by a signal, state saved: back into the queue"
    scontrol requeue "$SLURM_JOB_ID"
  fi
  exit "$status"
}
