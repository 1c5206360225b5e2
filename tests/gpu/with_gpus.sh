#!/bin/sh
# with_gpus.sh GPU_COUNT MPIEXEC PROGRAM [ARGUMENT...]: runs PROGRAM under MPIEXEC with one rank for each GPU, or by
# itself where MPIEXEC is "alone". Without a GPU it says so, and its exit status makes ctest list the test as skipped.
if ! gpus=$("$1"); then
  echo "gpu test: not run: $gpus"
  exit 77
fi
export CHORALE_GPUS="$gpus"
launcher=$2
shift 2
[ "$launcher" = alone ] && exec "$@"
export CHORALE_EXPECT_RANKS="$gpus"
exec "$launcher" -n "$gpus" --oversubscribe "$@"
