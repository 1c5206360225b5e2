#!/bin/bash
#SBATCH --job-name=chorale-eval
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=2
#SBATCH --time=01:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
# Evaluates a run, given by its folder or its configuration:  sbatch slurm/eval.sh [RUN|CONFIG [key=value ...]]
[[ $# -gt 0 ]] || set -- configs/gtzan.toml
source "${CHORALE_HOME:-$SLURM_SUBMIT_DIR}/slurm/common.sh"
on_all_tasks chorale-eval "$@"
