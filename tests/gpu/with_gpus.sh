#!/bin/sh
# with_gpus.sh GPU_COUNT MPIEXEC PROGRAM: runs PROGRAM under MPIEXEC with one rank for each GPU, or by itself where
# MPIEXEC is "alone". Without a GPU it says so, and its exit status makes ctest list the test as skipped.
if ! gpus=$("$1"); then
  echo "gpu test: not run: $gpus"
  exit 77
fi
case $2 in
  alone) exec "$3" ;;
  *) exec env CHORALE_EXPECT_RANKS="$gpus" "$2" -n "$gpus" --oversubscribe "$3" ;;
esac
