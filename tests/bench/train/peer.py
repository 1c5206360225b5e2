"""A model in plain Python PyTorch on random data, for about SECONDS: peer.py MODEL plain|fp32|bf16 THREADS SECONDS

Prints training samples a second. plain: the script that anybody would write, in fp32. fp32 and bf16: tuned, with
channels_last and the fused optimiser. With RANK and WORLD_SIZE in the environment, one of two processes of
DistributedDataParallel over gloo, which meet at the file INIT_FILE.
"""

import os
import sys
import time
from pathlib import Path

import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel

sys.path.insert(0, str(Path(__file__).parents[2]))
from twins import models  # noqa: E402

BATCH, FRAMES, VECTOR, CLASSES, WARM_UP = 32, 130, 103, 10, 3
MFCC_MODELS = ("lstm", "gru", "multitask_rnn")


def main(name, mode, threads, seconds):
    world = int(os.environ.get("WORLD_SIZE", 1))
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    bins = 20 if name in MFCC_MODELS else 128
    model = models.make(name, CLASSES, bins, FRAMES, VECTOR)
    tuned = mode != "plain"
    if tuned:
        model = model.to(memory_format=torch.channels_last)
    if world > 1:
        torch.distributed.init_process_group("gloo", f"file://{os.environ['INIT_FILE']}", rank=int(os.environ["RANK"]),
                                             world_size=world)
        model = DistributedDataParallel(model)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4, fused=tuned)
    criterion = nn.CrossEntropyLoss()
    n = BATCH // world
    inputs, labels, vector = torch.randn(n, 1, bins, FRAMES), torch.randint(CLASSES, (n,)), torch.randn(n, VECTOR)
    if tuned:
        inputs = inputs.contiguous(memory_format=torch.channels_last)
    enough = torch.zeros(1)
    steps = -WARM_UP
    while True:
        if steps == 0:
            start = time.perf_counter()
        optimizer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=mode == "bf16"):
            loss = criterion(model(inputs, vector=vector), labels)
        loss.backward()
        optimizer.step()
        steps += 1
        if steps > 0 and steps % 4 == 0:  # seldom enough not to count
            enough.fill_(time.perf_counter() - start > float(seconds))
            if world > 1:
                torch.distributed.broadcast(enough, 0)
            if enough:
                break
    seconds = time.perf_counter() - start
    if world > 1:
        torch.distributed.barrier()
    if int(os.environ.get("RANK", 0)) == 0:
        print(f"{BATCH * steps / seconds:.2f}", flush=True)
    os._exit(0)  # without gloo's own end, which now and then aborts


main(*sys.argv[1:])
