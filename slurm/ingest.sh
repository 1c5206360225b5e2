#!/bin/bash
#SBATCH --job-name=chorale-ingest
#SBATCH --ntasks=2
#SBATCH --cpus-per-task=1
#SBATCH --time=04:00:00
#SBATCH --signal=TERM@120
#SBATCH --requeue
#SBATCH --open-mode=append
# Builds or completes the store of CONFIG:  sbatch -n 64 slurm/ingest.sh [CONFIG [key=value ...]]
[[ $# -gt 0 ]] || set -- configs/gtzan.toml
source "${CHORALE_HOME:-$SLURM_SUBMIT_DIR}/slurm/common.sh"
on_all_tasks chorale-ingest "$@"
