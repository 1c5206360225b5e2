#!/bin/bash
#SBATCH --job-name=chorale-sweep
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=2
#SBATCH --time=12:00:00
#SBATCH --signal=TERM@120
#SBATCH --requeue
#SBATCH --open-mode=append
# Trains and evaluates the cells of a sweep:  sbatch --array=1-8 slurm/ablation.sh [CONFIG [key=value ...]]
# Tasks of an array share the cells out. Each task of the array may have several ranks: with -n 8 and sweep.ranks=2 it
# works on four cells at once. Whoever finishes the last cell writes the report.
[[ $# -gt 0 ]] || set -- configs/ablations/architecture.toml
source "${CHORALE_HOME:-$SLURM_SUBMIT_DIR}/slurm/common.sh"
on_all_tasks chorale-sweep "$@"
