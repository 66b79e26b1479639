#!/usr/bin/env python3
"""Measures `webhook-receiver` beside the same work in Python and Node, under the same runtime emulator, in one run.

    infra/bench/receiver [--starts 15] [--warm 200] [--json]

Each verifies a webhook (secret header and X-BC-Signature), and sends one message to the same emulated queue; each reads its
connection from the table and its secret from Secrets Manager on first use. Needs Rust, Python 3, Node and npm; fetches the rest into
target/bench. Ratios are meaningful; no number here is a cold start of AWS. Fails if any of the three does not do the work, or if at the
end not every accepted webhook is a message in the queue.
"""

import argparse
import hashlib
import hmac
import json
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import trial
from trial import HEADER, HEADER_SECRET, ROOT, STORE, Failed, run, until

HERE = pathlib.Path(__file__).resolve().parent
WORK = ROOT / "target" / "bench"
BOUND = 6_000_000  # Bytes of a stripped binary.
CLIENT_SECRET, STORE_HASH = "bench-client-secret", "abc123"
SAM_CLI = "aws-sam-cli==1.170.0"
BUILT = ROOT / ".aws-sam" / "build"
RUST = BUILT / "WebhookReceiver" / "bootstrap"


def newest_python():
    found = {}
    for folder in [*os.environ["PATH"].split(os.pathsep), *map(str, (pathlib.Path.home() / ".pyenv/versions").glob("*/bin"))]:
        for path in pathlib.Path(folder).glob("python3*"):
            if re.fullmatch(r"python3(\.\d+)?", path.name) and os.access(path, os.X_OK):
                asked = subprocess.run([path, "-c", "import sys; print(*sys.version_info[:3])"], capture_output=True, text=True)
                if asked.returncode == 0:
                    found[tuple(map(int, asked.stdout.split()))] = path
    return found[max(found)], ".".join(map(str, max(found)))


def listens(port):
    try:
        with socket.create_connection(("127.0.0.1", port), 0.2):
            return True
    except OSError:
        return False


def prepare():
    """Everything that is fetched or built; kept in target/bench."""
    WORK.mkdir(parents=True, exist_ok=True)
    python, version = newest_python()
    venv = WORK / f"python-{version}"
    if not (venv / "ready").exists():
        run(python, "-m", "venv", venv)
        run(venv / "bin/pip", "install", "-q", "boto3", "awslambdaric")
        (venv / "ready").touch()
    rie = WORK / "aws-lambda-rie"
    if not rie.exists():
        run(sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", WORK / "wheels", SAM_CLI)
        (wheel,) = (WORK / "wheels").glob("aws_sam_cli-*.whl")
        with zipfile.ZipFile(wheel) as packed:
            rie.write_bytes(packed.read("samcli/local/rapid/aws-lambda-rie-x86_64"))
        rie.chmod(0o755)
    if not shutil.which("npm"):
        raise Failed("npm is needed for the comparison with Node: install Node and run again")
    node = WORK / "node"
    node.mkdir(exist_ok=True)
    for file in (HERE / "node").iterdir():
        shutil.copy(file, node)
    if not (node / "node_modules").exists():
        run("npm", "install", "--silent", "--prefix", node)
    bundle = ["npx", "esbuild", "bootstrap.mjs", "--bundle", "--minify", "--platform=node", "--format=esm", "--outfile=bundle.mjs"]
    require = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);"
    run("env", "-C", node, *bundle, f"--banner:js={require}")
    return venv, version, rie


def stored():
    """A table, the queues and one connection on the emulator; what a function finds in its environment."""
    outputs = trial.resources()
    os.environ.update(TABLE_NAME=outputs["TableName"], SECRETS_PREFIX=outputs["SecretsPrefix"],
                      ORDERS_QUEUE_URL=outputs["OrdersQueueUrl"], JOBS_QUEUE_URL=outputs["JobsQueueUrl"],
                      CATALOGUE_QUEUE_URL=outputs["CatalogueQueueUrl"])
    # Nobody asks store or company for anything here.
    shop = {"base_url": "http://127.0.0.1:9/", "store_hash": STORE_HASH, "access_token": "bench", "client_secret": CLIENT_SECRET}
    company = {"base_url": "http://127.0.0.1:9/Bench", "company": "EPIC06", "api_key": "bench", "username": "bench", "password": "bench"}
    trial.connect(shop, company)
    return {"METRICS_NAMESPACE": "bench", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256", "BENCH_PK": "connections", "BENCH_SK": STORE,
            "BENCH_CLIENT_SECRET": CLIENT_SECRET, "BENCH_HEADER": HEADER, "BENCH_HEADER_SECRET": HEADER_SECRET,
            "BENCH_PRODUCER": f"stores/{STORE_HASH}"}


def webhook(order, method="POST"):
    told = {"scope": "store/order/created", "store_id": "1025646", "data": {"type": "order", "id": order},
            "hash": hashlib.sha1(str(order).encode()).hexdigest(), "created_at": 1775000000, "producer": f"stores/{STORE_HASH}"}
    body = json.dumps(told, separators=(",", ":"))
    signature = hmac.new(CLIENT_SECRET.encode(), body.encode(), hashlib.sha256).hexdigest()
    path = f"/webhooks/{STORE}"
    route = {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.7", "userAgent": "BigCommerce"}
    context = {"accountId": "123456789012", "apiId": "bench", "domainName": "bench.example.com", "domainPrefix": "bench", "http": route,
               "requestId": f"bench-{order}", "routeKey": "POST /webhooks/{connection}", "stage": "$default",
               "time": "31/Mar/2026:12:00:00 +0000", "timeEpoch": 1774958400000}
    return json.dumps({"version": "2.0", "routeKey": context["routeKey"], "rawPath": path, "rawQueryString": "",
                       "headers": {"content-type": "application/json", "x-bc-signature": signature, HEADER.lower(): HEADER_SECRET},
                       "pathParameters": {"connection": STORE},
                       "requestContext": context, "body": body, "isBase64Encoded": False}).encode()


def invoke(port, event, status):
    url = f"http://127.0.0.1:{port}/2015-03-31/functions/function/invocations"
    begun = time.perf_counter()
    with urllib.request.urlopen(urllib.request.Request(url, data=event), timeout=60) as answer:
        told = answer.read()
    took = (time.perf_counter() - begun) * 1000
    if json.loads(told).get("statusCode") != status:
        raise Failed(f"answered {told.decode()} instead of {status}")
    return took


def queued():
    """How many messages are in the orders' queue."""
    import boto3

    told = boto3.client("sqs").get_queue_attributes(QueueUrl=os.environ["ORDERS_QUEUE_URL"], AttributeNames=["ApproximateNumberOfMessages"])
    return int(told["Attributes"]["ApproximateNumberOfMessages"])


def memory(pid):
    """The peak resident memory of a process and its children, in MiB: the runtime emulator itself left out."""
    # A child is listed under the thread that started it, which in the runtime emulator is any.
    children = [child for task in pathlib.Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]
    own = 0.0
    for child in children:
        peak = re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{child}/status").read_text())
        own += int(peak.group(1)) / 1024 + memory(child)
    return own


def measure(name, command, folder, order, rie, options):
    """`starts` fresh processes, each: a request that needs nothing of AWS, the first webhook; in the last also `warm` webhooks.

    Webhooks are about the orders after `order`, which nobody else measures with: SQS would drop a message whose deduplication id it knows.
    """
    starts, firsts, warm, peak = [], [], [], 0.0
    for start in range(options.starts):
        port, api = trial.free_port(), trial.free_port()
        emulator = [rie, "--runtime-interface-emulator-address", f"127.0.0.1:{port}", "--runtime-api-address", f"127.0.0.1:{api}"]
        process = subprocess.Popen([*map(str, emulator), *map(str, command)], cwd=folder, env=dict(os.environ),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until(f"{name}'s runtime emulator", lambda: listens(port), pause=0.002)
            starts.append(invoke(port, webhook(1, "GET"), 405))
            order += 1
            firsts.append(invoke(port, webhook(order), 200))
            if start == options.starts - 1:
                for _ in range(options.warm):
                    order += 1
                    warm.append(invoke(port, webhook(order), 200))
                peak = memory(process.pid)
        finally:
            process.kill()
            process.wait()
    return {"name": name, "init_ms": statistics.median(starts), "first_webhook_ms": statistics.median(firsts),
            "warm_ms": statistics.median(warm), "peak_mib": peak}


def bench():
    parsed = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parsed.add_argument("--starts", type=int, default=15)
    parsed.add_argument("--warm", type=int, default=200)
    parsed.add_argument("--json", action="store_true")
    options = parsed.parse_args()
    venv, version, rie = prepare()
    trial.emulator()
    os.environ.update(stored())
    node = run("node", "--version").strip().lstrip("v")
    rows = [
        measure("webhook-receiver (Rust)", [RUST], WORK, 1_000_000, rie, options),
        measure(f"Python {version}", [venv / "bin/python", "-m", "awslambdaric", "handler.handler"], HERE / "python", 2_000_000, rie, options),
        measure(f"Node {node}", ["node", "bundle.mjs"], WORK / "node", 3_000_000, rie, options),
    ]
    accepted, sent = len(rows) * (options.starts + options.warm), queued()
    if sent != accepted:
        raise Failed(f"{accepted} webhooks were accepted, and {sent} messages are in the queue")
    sizes = {name: (BUILT / logical / "bootstrap").stat().st_size for logical, name in trial.FUNCTIONS.items()}
    if options.json:
        print(json.dumps({"rows": rows, "binary_bytes": sizes}, indent=2))
        return within(sizes)
    print(f"{'':26}{'init':>10}{'first webhook':>16}{'warm':>10}{'peak memory':>14}")
    for row in rows:
        print(f"{row['name']:26}{row['init_ms']:7.1f} ms{row['first_webhook_ms']:13.1f} ms{row['warm_ms']:7.1f} ms{row['peak_mib']:10.1f} MiB")
    print(f"medians of {options.starts} starts and {options.warm} webhooks")
    print("binaries: " + ", ".join(f"{name} {size / 1e6:.2f} MB" for name, size in sizes.items()))
    within(sizes)


def within(sizes):
    heavy = [name for name, size in sizes.items() if size > BOUND]
    if heavy:
        raise Failed(f"over {BOUND / 1e6:.0f} MB: {', '.join(heavy)}")


if __name__ == "__main__":
    trial.main(bench)
