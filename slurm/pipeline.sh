#!/bin/bash
#SBATCH --job-name=chorale-pipeline
#SBATCH --ntasks=1
#SBATCH --time=00:05:00
# Submits ingest, training and evaluation of one configuration, each starting when the one before it is complete:
#   slurm/pipeline.sh [CONFIG [key=value ...]]     (sbatch slurm/pipeline.sh does the same)
# INGEST_OPTIONS, TRAIN_OPTIONS and EVAL_OPTIONS are passed to the three sbatch calls ("-N 4 -n 256").
[[ $# -gt 0 ]] || set -- configs/gtzan.toml
source "${CHORALE_HOME:-${SLURM_SUBMIT_DIR:-.}}/slurm/common.sh"

submit() { sbatch --parsable --kill-on-invalid-dep=yes "$@"; }
# Options are words to split.
# shellcheck disable=SC2086
{
  ingest=$(submit ${INGEST_OPTIONS:-} slurm/ingest.sh "$@")
  train=$(submit ${TRAIN_OPTIONS:-} --dependency="afterok:$ingest" slurm/train_cnn.sh "$@")
  evaluation=$(submit ${EVAL_OPTIONS:-} --dependency="afterok:$train" slurm/eval.sh "$@")
}
echo "ingest $ingest, train $train, eval $evaluation"
