"""How long ingest of FMA-full takes on many cores: a model of measured coefficients, as the tables of docs/scaling.md.

    python3 tests/bench/scaling.py

A job is a serial part on rank 0 (listing, index), then the largest of what the cores, the network and the file system
need for the rest, then the wait for the last shard. Times of one core are measured (./run bench ingest, bench_scale);
what a parallel file system gives is assumed, and stated.
"""

# FMA-full: 106,574 MP3s of 278 s on average, 879 GiB.
FILES, SECONDS, READ = 106_574, 278, 879 * 2**30

# Measured, seconds on one core per second of audio: 44.1 kHz stereo MP3 to 22.05 kHz mono, then features.
LOAD = 20.0e-3 / 30
FEATURES = {"mel": 2.4e-3 / 30, "mel, features_103": (2.4e-3 + 24.6e-3) / 30}
# Bytes written per second of audio: half precision, 43.07 frames a second.
WRITTEN = {"mel": 128 * 2 * 43.07, "mel, features_103": 128 * 2 * 43.07}
# Measured: seconds to read one shard's rows and write them into the index; to read an entry of a zip's directory.
INDEX_PER_SHARD, LIST_FROM_ZIP = 1.5e-3, 4e-6

# Assumed of the file system: bytes a second over all nodes, metadata operations a second over all nodes and of one client.
READ_RATE, WRITE_RATE, METADATA_RATE, CLIENT_RATE = 20e9, 10e9, 20_000, 3_000
# A shard: create, fsync, rename, fsync of the folder, unlink of an index; a file: open and close.
PER_SHARD, PER_FILE = 5, 2

CORES = (64, 256, 1024, 4096)


def parts(features, cores, tracks_per_shard, archive):
    """Seconds of each part of a job."""
    audio, shards = FILES * SECONDS, -(-FILES // tracks_per_shard)
    a_second = LOAD + FEATURES[features]
    busy = min(cores, shards)
    opened = cores if archive else FILES
    return {
        "listing": FILES * LIST_FROM_ZIP if archive else FILES / CLIENT_RATE,
        "cores": audio * a_second / busy,
        "reading": READ / READ_RATE,
        "writing": audio * WRITTEN[features] / WRITE_RATE,
        "metadata": (PER_FILE * opened + PER_SHARD * shards) / METADATA_RATE,
        "last shard": tracks_per_shard * SECONDS * a_second,
        "index": shards * INDEX_PER_SHARD,
    }


def total(p):
    together = max(p["cores"], p["reading"], p["writing"], p["metadata"])
    return p["listing"] + together + p["last shard"] + p["index"]


def bottleneck(p):
    return max(p, key=p.get)


def table(features, tracks_per_shard, archive):
    source = "a stored zip" if archive else "a folder"
    print(f"`features.store = [{', '.join(chr(34) + f + chr(34) for f in features.split(', '))}]`, from {source}, "
          f"{tracks_per_shard} tracks a shard:\n")
    names = list(parts(features, 64, tracks_per_shard, archive))
    print("| Cores | total | " + " | ".join(names) + " | bottleneck |")
    print("|---:|---:|" + "---:|" * len(names) + "---|")
    for cores in CORES:
        p = parts(features, cores, tracks_per_shard, archive)
        cells = " | ".join(f"{p[name]:.1f}" for name in names)
        print(f"| {cores:,} | {total(p):.0f} s | {cells} | {bottleneck(p)} |")
    print()


def main():
    table("mel", 64, archive=False)
    table("mel", 16, archive=True)
    table("mel, features_103", 16, archive=True)


if __name__ == "__main__":
    main()
