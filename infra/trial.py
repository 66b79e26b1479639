"""What the trials of the deployment stand on: the AWS emulator, a simulated store and company, and a connection between them.

Each is a process of its own that ends with the trial.
"""

import atexit
import contextlib
import json
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
DEBUG = ROOT / "target" / "debug"
STORE = "main-store"
STACK = "ml-connector-trial"
HEADER, HEADER_SECRET = "X-Connector-Secret", "simulated-header-secret-2b77d0"
FUNCTIONS = {"WebhookReceiver": "webhook-receiver", "OrderConsumer": "order-consumer", "JobRunner": "job-runner",
             "CatalogPoller": "catalog-poller", "Tick": "tick"}


class Failed(Exception):
    """Something is not as it must be; the words say what."""


def say(words):
    print(f"{time.strftime('%H:%M:%S')}  {words}", file=sys.stderr, flush=True)


def check(holds, words):
    if not holds:
        raise Failed(words)
    say(f"  ok  {words}")


def run(*command, **more):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=ROOT, **more)
    if done.returncode:
        raise Failed(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def until(what, condition, seconds=60, pause=0.2):
    """Waits for a condition, and returns what it found."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(pause)
    raise Failed(f"{what} did not happen in {seconds} s")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def started(*command, **more):
    """A process that ends with this one; returns it and its first line."""
    log = open(ROOT / "target" / f"trial-{pathlib.Path(command[0]).name}.log", "ab")
    process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, **more)
    atexit.register(ended, process)
    line = process.stdout.readline()
    if not line:
        raise Failed(f"{command[0]} ended at once; see {log.name}")
    return process, line.strip()


def ended(process):
    with contextlib.suppress(OSError):
        process.stdin.close()
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=10)


def emulator():
    """Starts the AWS emulator; boto3, the command line and the functions find it through the environment from then on."""
    _, url = started(DEBUG / "aws-emulator")
    url = url.rstrip("/")
    os.environ.update(AWS_ENDPOINT_URL=url, AWS_REGION="eu-west-1", AWS_DEFAULT_REGION="eu-west-1",
                      AWS_ACCESS_KEY_ID="emulator", AWS_SECRET_ACCESS_KEY="emulator")
    return url


def store():
    """A simulated store with some orders; returns what it says of itself."""
    _, line = started(DEBUG / "connector-sandbox", "simulate", "bigcommerce", "--json")
    return json.loads(line)


def company(port=0):
    """A simulated company; returns its process and what it says of itself."""
    process, line = started(DEBUG / "connector-sandbox", "simulate", "kinetic", "--json", "--port", str(port))
    return process, json.loads(line)


def connect(shop, kinetic, bc_signature="required", more=""):
    """Puts the connection between store and company into the deployment that the environment names, by the command line.

    Its rules are the sandbox's, and `more`.
    """
    rules = ROOT / "target" / "trial-rules.toml"
    sandbox = (ROOT / "sandbox" / "rules.toml").read_text()
    rules.write_text(sandbox.replace('bc_signature = "required"', f'bc_signature = "{bc_signature}"') + more)
    file = ROOT / "target" / "trial-connection.toml"
    file.write_text(f"""
id = "{STORE}"
rules = "{rules}"

[bigcommerce]
base_url = "{shop['base_url']}"
store_hash = "{shop['store_hash']}"
access_token = "{shop['access_token']}"
client_secrets = ["{shop['client_secret']}"]

[bigcommerce.webhook_header]
name = "{HEADER}"
secret = "{HEADER_SECRET}"

[kinetic]
base_url = "{kinetic['base_url']}"
company = "{kinetic['company']}"
api_key = "{kinetic['api_key']}"

[kinetic.login]
method = "basic"
username = "{kinetic['username']}"
password = "{kinetic['password']}"
""")
    return connector("connection", "put", file)


def connector(*arguments):
    return run(DEBUG / "connector", *arguments)


def ledger(order, connection=STORE):
    """What the deployment's ledger says of an order; nothing if it has not heard of it."""
    command = [DEBUG / "connector", "orders", "show", str(order), "--connection", connection, "--json"]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=ROOT)
    return json.loads(done.stdout) if done.returncode == 0 else {}


def stack(template, parameters):
    """Creates a stack of a transformed template; returns its outputs, and its physical names by logical ones."""
    import boto3

    cloud, files = boto3.client("cloudformation"), boto3.client("s3")
    files.put_object(Bucket="packages", Key="template.json", Body=json.dumps(template).encode())
    url = f"{os.environ['AWS_ENDPOINT_URL']}/packages/template.json"
    told = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
    cloud.create_stack(StackName=STACK, TemplateURL=url, Parameters=told, Capabilities=["CAPABILITY_IAM"])

    def finished():
        made = cloud.describe_stacks(StackName=STACK)["Stacks"][0]
        return None if made["StackStatus"].endswith("IN_PROGRESS") else made

    made = until("the stack", finished, 120)
    resources = cloud.describe_stack_resources(StackName=STACK)["StackResources"]
    wrong = [f"{resource['LogicalResourceId']} {resource['ResourceStatus']} {resource.get('ResourceStatusReason', '')}"
             for resource in resources if resource["ResourceStatus"] != "CREATE_COMPLETE"]
    check(made["StackStatus"] == "CREATE_COMPLETE" and not wrong, f"the stack stands: {len(resources)} resources" + "; ".join(wrong))
    outputs = {output["OutputKey"]: output["OutputValue"] for output in made.get("Outputs", [])}
    return outputs, {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}


def resources():
    """The template's table and queues, on the emulator."""
    import boto3
    import transform

    boto3.client("s3").create_bucket(Bucket="packages", CreateBucketConfiguration={"LocationConstraint": os.environ["AWS_REGION"]})
    template = transform.transformed(ROOT / "template.yaml")
    wanted = ("AWS::DynamoDB::Table", "AWS::SQS::Queue")
    template["Resources"] = {name: made for name, made in template["Resources"].items() if made["Type"] in wanted}
    template["Outputs"] = {name: out for name, out in template["Outputs"].items() if name.endswith(("Url", "Name", "Prefix")) and
                           name not in ("WebhookUrl", "DashboardUrl")}
    return stack(template, {"Stage": "trial"})[0]


def asked(method, url, body=None, headers=None):
    """One request; returns status and text, whatever the status is."""
    data = None if body is None else (body if isinstance(body, bytes) else json.dumps(body).encode())
    request = urllib.request.Request(url, data=data, method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def shop_asked(shop, method, path, body=None):
    headers = {"X-Auth-Token": shop["access_token"], "Content-Type": "application/json", "Accept": "application/json"}
    status, text = asked(method, shop["api_url"].rstrip("/") + path, body, headers)
    if status >= 300:
        raise Failed(f"{method} {path} of the store: {status} {text}")
    return json.loads(text) if text else None


def shown(shop, sku):
    """Products that the store has under a SKU."""
    return shop_asked(shop, "GET", f"/v3/catalog/products?sku={sku}")["data"]


def levels(shop, sku):
    """How much of a SKU the store offers, by the locations that sell some."""
    rows = shop_asked(shop, "GET", f"/v3/inventory/items?sku:in={sku}")["data"]
    offered = {at["location_id"]: at["available_to_sell"] for row in rows for at in row["locations"]}
    return {location: level for location, level in offered.items() if level}


def kinetic_orders(kinetic, reference):
    """Numbers of the sales orders that the company holds under a reference."""
    import base64
    login = base64.b64encode(f"{kinetic['username']}:{kinetic['password']}".encode()).decode()
    query = f"$select=OrderNum,PONum&$filter=PONum%20eq%20'{reference}'"
    url = f"{kinetic['base_url'].rstrip('/')}/api/v2/odata/{kinetic['company']}/Erp.BO.SalesOrderSvc/SalesOrders?{query}"
    status, text = asked("GET", url, headers={"Authorization": f"Basic {login}", "x-api-key": kinetic["api_key"]})
    if status != 200:
        raise Failed(f"Kinetic was asked for {reference}: {status} {text}")
    return [row["OrderNum"] for row in json.loads(text)["value"]]


def main(trial):
    """Runs a trial; exit status 0 only if all of it holds."""
    begun = time.monotonic()
    try:
        trial()
    except Failed as failure:
        sys.exit(f"\n{pathlib.Path(sys.argv[0]).name}: FAILED: {failure}")
    say(f"all of it holds ({time.monotonic() - begun:.0f} s)")
