"""Times the Fréchet distance of 50,000 x 2,048 float32 features in .npy files: `ganzoo score` beside NumPy and SciPy, from the files to the
number, in alternating rounds, each in a process of its own. Needs numpy and scipy, and `npm run build`.

    python3 packages/metrics/scripts/frechet.py [rounds] [rows] [columns]
"""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROUNDS, ROWS, COLUMNS = (int(a) for a in [*sys.argv[1:4], *["3", "50000", "2048"][len(sys.argv) - 1 :]])
CLI = Path(__file__).parents[2] / "bench" / "bin" / "ganzoo.js"

NUMPY = """
import sys
import numpy as np
from scipy.linalg import sqrtm
x, y = (np.load(file) for file in sys.argv[1:])
m, n = x.mean(0, dtype=np.float64), y.mean(0, dtype=np.float64)
s, t = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
root = sqrtm(s @ t)
print((m - n) @ (m - n) + np.trace(s) + np.trace(t) - 2 * np.trace(root.real))
"""


def timed(command):
    """Seconds, peak MiB and output of a process."""
    code = (
        "import json, resource, subprocess, sys, time\n"
        "t = time.perf_counter()\n"
        "out = subprocess.run(sys.argv[1:], check=True, capture_output=True, text=True).stdout\n"
        "print(json.dumps([time.perf_counter() - t, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, out]))"
    )
    return json.loads(subprocess.run([sys.executable, "-c", code, *command], check=True, capture_output=True, text=True).stdout)


# In a process of its own: what a parent holds counts as its children's peak.
DATA = """
import sys
import numpy as np
rows, columns, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
for seed in range(2):
    random = np.random.default_rng(seed)
    mix = random.standard_normal((columns, columns), dtype=np.float32) / np.float32(np.sqrt(columns))  # correlated, as features are
    x = random.standard_normal((rows, columns), dtype=np.float32) @ mix + np.float32(0.3 * seed)
    np.save(f"{folder}/{seed}.npy", np.maximum(x, 0, dtype=np.float32))  # rectified, as Inception's
"""

with tempfile.TemporaryDirectory() as folder:
    subprocess.run([sys.executable, "-c", DATA, str(ROWS), str(COLUMNS), folder], check=True)
    files = [f"{folder}/{seed}.npy" for seed in range(2)]
    times = {"ours": [], "numpy": []}
    for number in range(ROUNDS):
        seconds, peak, out = timed(["node", str(CLI), "score", *files, "--metrics", "fid", "--no-floor", "--json", "--quiet"])
        times["ours"].append(seconds)
        print(f"round {number + 1}: ganzoo {seconds:.1f} s, {peak:.0f} MiB, {json.loads(out)['fid']:.8f}", end="; ", flush=True)
        seconds, peak, out = timed([sys.executable, "-c", NUMPY, *files])
        times["numpy"].append(seconds)
        print(f"NumPy {seconds:.1f} s, {peak:.0f} MiB, {float(out):.8f}", flush=True)
    print(f"ganzoo / NumPy: {statistics.median(times['ours']) / statistics.median(times['numpy']):.2f}")
