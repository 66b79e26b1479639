"""Runs every event of events/ through `sam local invoke`, and deliveries through `sam local start-api`.

    infra/sam-local [--no-build]

The functions are the ones that `sam build` makes for deployment. Behind them stand the AWS emulator and a simulated store and company,
which the containers reach as host.docker.internal. Needs a container engine that `docker` reaches, and the base image
public.ecr.aws/lambda/provided:al2023 (pulled if it is not there).
"""

import ipaddress
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import threading
import time

import boto3

import trial
from trial import DEBUG, FUNCTIONS, HEADER, HEADER_SECRET, ROOT, STORE, Failed, check, say, until

SAM = pathlib.Path(sys.executable).with_name("sam")
BUILT = ROOT / ".aws-sam" / "build"
IMAGE = "public.ecr.aws/lambda/provided:al2023-x86_64"
HOST = "host.docker.internal"

# What becomes of each event: the status that a delivery is answered with, or what is left behind of a message.
EXPECTED = {
    "webhook-receiver/created.json": 200,
    "webhook-receiver/created-base64.json": 200,
    "webhook-receiver/elsewhere.json": 404,
    "webhook-receiver/exceptions.json": 200,
    "webhook-receiver/forged.json": 401,
    "webhook-receiver/get.json": 405,
    "webhook-receiver/not-for-us.json": 200,
    "webhook-receiver/other-store.json": 400,
    "webhook-receiver/standard-webhooks-stale.json": 401,
    "webhook-receiver/too-large.json": 413,
    "webhook-receiver/unknown-connection.json": 404,
    "webhook-receiver/without-header-secret.json": 401,
    "order-consumer/hook.json": "synced",
    "order-consumer/wake.json": "synced",
    "order-consumer/newer-version.json": "dead letter",
    "order-consumer/poison.json": "dead letter",
    "job-runner/order-poller.json": "done",
    "job-runner/unblock.json": "done",
    "job-runner/webhook-auditor.json": "done",
    "job-runner/unknown-job.json": "dead letter",
    "catalog-poller/parts.json": "done",
    "catalog-poller/prices.json": "done",
    "catalog-poller/stock.json": "done",
    "catalog-poller/sweep.json": "done",
    "catalog-poller/unknown-job.json": "dead letter",
    "tick/minute.json": "no problem",
    # Last: soon its order is due, and nobody can work on it, which is a problem to the tick.
    "order-consumer/unknown-connection.json": "retrying",
}


def engine():
    """The gateway of the engine's bridge, where containers find this host; none if the engine brings its own way."""
    if not shutil.which("docker"):
        raise Failed("a container engine is needed: install Docker, start it, and run this again")
    done = subprocess.run(["docker", "network", "inspect", "bridge", "-f", "{{(index .IPAM.Config 0).Gateway}} {{(index .IPAM.Config 0).Subnet}}"], capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"the container engine does not answer; start it, or name it with DOCKER_HOST: {done.stderr.strip()}")
    gateway, _, subnet = done.stdout.strip().rpartition(" ")
    return gateway.strip() or str(ipaddress.ip_network(subnet)[1])


def forwarded(gateway, port):
    """What stands on 127.0.0.1 alone is reachable by containers under the gateway's address, for as long as this runs."""
    try:
        server = socket.create_server((gateway, port))
    except OSError:
        return  # No address of this host: a desktop engine, whose containers reach 127.0.0.1 by themselves.

    def pump(source, sink):
        try:
            while chunk := source.recv(65536):
                sink.sendall(chunk)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def serve():
        while True:
            taken, _ = server.accept()
            try:
                onward = socket.create_connection(("127.0.0.1", port))
            except OSError:
                taken.close()
                continue
            for pair in ((taken, onward), (onward, taken)):
                threading.Thread(target=pump, args=pair, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()


def port_of(url):
    return int(url.rstrip("/").split(":")[2].split("/")[0])


def inside(url):
    return url.replace("127.0.0.1", HOST)


def built():
    """A copy of the built template whose functions find the emulator."""
    if not (BUILT / "template.yaml").exists():
        raise Failed("nothing is built yet: run infra/build, or this without --no-build")
    template = (BUILT / "template.yaml").read_text()
    lines = []
    for line in template.splitlines():
        if line.strip().startswith("TABLE_NAME:"):  # SAM passes on only those variables that the template has.
            lines.append(f"{line[: len(line) - len(line.lstrip())]}AWS_ENDPOINT_URL: emulator")
        lines.append(line)
    copy = BUILT / "template.trial.yaml"
    copy.write_text("\n".join(lines) + "\n")
    return copy


def received(event, queue):
    """The event with a receipt that is good: its message goes through the queue."""
    queues, record = boto3.client("sqs"), event["Records"][0]
    attributes = record["attributes"]
    queues.send_message(QueueUrl=queue, MessageBody=record["body"], MessageGroupId=attributes["MessageGroupId"],
                        MessageDeduplicationId=f"{attributes['MessageDeduplicationId']}-{time.monotonic_ns()}")
    (message,) = queues.receive_message(QueueUrl=queue)["Messages"]
    record["receiptHandle"] = message["ReceiptHandle"]
    return lambda: queues.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])


def dead(queue):
    """Takes one dead letter away; whether there was one."""
    queues = boto3.client("sqs")
    for message in queues.receive_message(QueueUrl=queue).get("Messages", []):
        queues.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return True
    return False


class Local:
    """`sam local` with the built functions."""

    def __init__(self, template, outputs):
        variables = {"TABLE_NAME": outputs["TableName"], "SECRETS_PREFIX": outputs["SecretsPrefix"], "METRICS_NAMESPACE": "trial",
                     "ORDERS_QUEUE_URL": outputs["OrdersQueueUrl"], "JOBS_QUEUE_URL": outputs["JobsQueueUrl"],
                     "ORDERS_DEAD_LETTERS_URL": outputs["OrdersDeadLettersUrl"], "JOBS_DEAD_LETTERS_URL": outputs["JobsDeadLettersUrl"],
                     "CATALOGUE_QUEUE_URL": outputs["CatalogueQueueUrl"], "CATALOGUE_DEAD_LETTERS_URL": outputs["CatalogueDeadLettersUrl"],
                     "LOG_FILTER": "info", "AUDIT_DAYS": "90", "AWS_ENDPOINT_URL": inside(os.environ["AWS_ENDPOINT_URL"])}
        told = ROOT / "target" / "sam-local-variables.json"
        told.write_text(json.dumps({"Parameters": variables}))
        self.options = ["--template", template, "--env-vars", told, "--skip-pull-image", "--add-host", f"{HOST}:host-gateway",
                        "--region", os.environ["AWS_REGION"]]
        self.outputs = outputs

    def invoked(self, logical, event):
        file = ROOT / "target" / "sam-local-event.json"
        file.write_text(json.dumps(event))
        command = [SAM, "local", "invoke", logical, "--event", file, *self.options]
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=ROOT)
        self.said = done.stdout + done.stderr
        try:
            return json.loads(done.stdout.strip().splitlines()[-1])
        except (IndexError, ValueError):
            raise Failed(f"{logical} gave no answer:\n{done.stdout}\n{done.stderr[-4000:]}") from None

    def ran(self, name):
        """What became of an event."""
        function = name.split("/")[0]
        logical = next(key for key, value in FUNCTIONS.items() if value == function)
        event = json.loads((ROOT / "events" / name).read_text())
        if function == "webhook-receiver":
            return self.invoked(logical, event)["statusCode"]
        if function == "tick":
            answer = self.invoked(logical, event)
            return "no problem" if answer["problems"] == 0 else f"problems: {answer}"
        kind = {"job-runner": "Jobs", "catalog-poller": "Catalogue"}.get(function, "Orders")
        done = received(event, self.outputs[f"{kind}QueueUrl"])
        answer = self.invoked(logical, event)
        if answer != {"batchItemFailures": []}:
            return f"comes back: {answer}"
        done()
        if dead(self.outputs[f"{kind}DeadLettersUrl"]):
            return "dead letter"
        if kind != "Orders":  # A job that failed is acknowledged as well: it waits for its next time.
            return "done" if '"JobsRun":1' in self.said else "failed"
        body = json.loads(event["Records"][0]["body"])
        return trial.ledger(body["order"], body["connection"]).get("state", {}).get("state", "not in the ledger")


def api(local, connect):
    """Deliveries over HTTP, through `sam local start-api`."""
    port = trial.free_port()
    log = open(ROOT / "target" / "sam-local-api.log", "wb")
    command = [SAM, "local", "start-api", "--port", str(port), *local.options]
    process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=ROOT)
    url = f"http://127.0.0.1:{port}/webhooks/{STORE}"

    def listens():
        if process.poll() is not None:
            raise Failed(f"sam local start-api ended; see {log.name}")
        try:
            return trial.asked("GET", f"http://127.0.0.1:{port}/")[0]
        except OSError:
            return None
    try:
        until("sam local start-api", listens)
        event = json.loads((ROOT / "events/webhook-receiver/created.json").read_text())
        body = event["body"].encode()
        headers = {name: value for name, value in event["headers"].items() if name.startswith("x-bc") or name == HEADER.lower()}
        headers["content-type"] = "application/json"
        for words, expected, more in [("a stored delivery", 200, {}), ("the same, forged", 401, {"x-bc-signature": "forged"}),
                                      ("the same without its secret", 401, {HEADER.lower(): "wrong"})]:
            status, text = trial.asked("POST", url, body, {**headers, **more})
            check(status == expected, f"start-api: {words} is answered {status}")
        connect("optional")  # A store that signs by Standard Webhooks alone.
        fresh = json.loads(trial.connector("events", "sign", "101", "--connection", STORE, "--json"))
        status, _ = trial.asked("POST", url, fresh["body"].encode(), {**fresh["headers"], HEADER: HEADER_SECRET})
        check(status == 200, f"start-api: a delivery that was signed just now, by Standard Webhooks, is answered {status}")
    finally:
        process.terminate()
        process.wait(timeout=60)


def sam_local():
    gateway = engine()
    template = built()
    say("starting the emulator, a store and a company")
    emulator, shop = trial.emulator(), trial.store()
    _, company = trial.company()
    for url in (emulator, shop["base_url"], company["base_url"]):
        forwarded(gateway, port_of(url))
    outputs = trial.resources()
    os.environ.update(TABLE_NAME=outputs["TableName"], SECRETS_PREFIX=outputs["SecretsPrefix"],
                      ORDERS_QUEUE_URL=outputs["OrdersQueueUrl"], JOBS_QUEUE_URL=outputs["JobsQueueUrl"],
                      CATALOGUE_QUEUE_URL=outputs["CatalogueQueueUrl"])
    ends = [{**end, "base_url": inside(end["base_url"])} for end in (shop, company)]

    def connect(bc_signature="required"):
        trial.connect(*ends, bc_signature)

    connect()
    stored = sorted(str(path.relative_to(ROOT / "events")) for path in (ROOT / "events").glob("*/*.json"))
    check(stored == sorted(EXPECTED), f"each of the {len(stored)} events has its expectation")
    local = Local(template, outputs)
    for name, expected in EXPECTED.items():
        became = local.ran(name)
        if became != expected:
            raise Failed(f"{name}: {became} instead of {expected}\n{local.said[-4000:]}")
        say(f"  ok  {name}: {became}")
    api(local, connect)
    for logical, name in FUNCTIONS.items():
        size = (BUILT / logical / "bootstrap").stat().st_size
        say(f"      {name} has {size / 1e6:.2f} MB; infra/bench/receiver holds that against the bound")


if __name__ == "__main__":
    trial.main(sam_local)
