#!/bin/bash
#SBATCH --job-name=chorale-train-lstm
#SBATCH --ntasks=2
#SBATCH --cpus-per-task=1
#SBATCH --time=12:00:00
#SBATCH --signal=TERM@120
#SBATCH --requeue
#SBATCH --open-mode=append
# Trains one run, or continues it:  sbatch -n 8 -c 4 slurm/train_lstm.sh [CONFIG [key=value ...]]
[[ $# -gt 0 ]] || set -- configs/csci1470/lstm.toml
source "${CHORALE_HOME:-$SLURM_SUBMIT_DIR}/slurm/common.sh"
on_all_tasks chorale-train "$@"
