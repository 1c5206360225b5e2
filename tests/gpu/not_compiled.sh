#!/bin/sh
# Stands for all gpu tests in a build without CUDA; its exit status makes ctest list it as skipped.
echo "gpu tests: not run: this build has no CUDA. On a machine with a GPU:"
echo "  ./run build cuda && ctest --test-dir build/cuda -L gpu"
exit 77
