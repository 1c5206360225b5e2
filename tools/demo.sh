#!/usr/bin/env bash
# The whole road on a synthetic collection, by the same programs and in the same order as on a cluster.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly bin=build/release/bin out=build/demo config=configs/demo.toml
export OMP_NUM_THREADS=1

step() { printf '\n\033[1m== %s\033[0m\n' "$1"; printf '$ %s\n' "${*:2}"; "${@:2}"; }
two_ranks=(mpirun -n 2 --oversubscribe)

rm -rf $out
step "300 tracks of synthetic music: 10 classes, 10 artists each" \
  "${two_ranks[@]}" $bin/chorale synth $out/audio --tracks-per-class 30 --seconds 12 --seed 1 --faults
step "Audio -> mel spectrogram store" "${two_ranks[@]}" $bin/chorale ingest $config
step "Training" "${two_ranks[@]}" $bin/chorale train $config
step "Evaluation on artists that were never heard in training" $bin/chorale eval $out/run
step "Report" $bin/chorale report $out/run -o $out/report
step "Ablation: two models, two seeds each, shared out to two ranks; and its report" \
  "${two_ranks[@]}" $bin/chorale sweep configs/demo_ablation.toml
printf '\nThe reports: %s of the run, %s of the ablation.\n' \
  "$out/report/report.html" "$out/ablation/report/report.html"
