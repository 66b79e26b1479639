"""Brings up template.yaml on the AWS emulator with the functions' own binaries, and runs orders through it.

    infra/end-to-end

The template goes through AWS's own translator and the emulator's CloudFormation. A store's signed webhook comes in by the HTTP API; the
receiver enqueues, the event source mapping runs the consumer, the sales order is written, the ledger says so. An order whose company is
away is kept, and woken by the schedule once it is back. The schedule starts the jobs of the catalogue too, and a part of the company becomes
a product with a level of stock. A message that is none of ours ends among the dead letters.
"""

import io
import os
import sys
import zipfile

import boto3

import transform
import trial
from trial import DEBUG, FUNCTIONS, HEADER, HEADER_SECRET, ROOT, STORE, check, say, until

# What the connection publishes, asked for with every tick.
CATALOGUE = (ROOT / "sandbox" / "catalogue.toml").read_text().replace("[catalogue]", "[catalogue]\nparts_minutes = 1").replace("[stock]", "[stock]\nminutes = 1")
PART, PRICE, LEVEL = "ABC-100", 24.99, {1: 58}  # A part of the company that nobody has ordered.


def uploaded(name):
    """The binary as the package that SAM would upload."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.write(DEBUG / name, "bootstrap")
    boto3.client("s3").put_object(Bucket="packages", Key=f"{name}.zip", Body=packed.getvalue())
    return f"s3://packages/{name}.zip"


def deployed():
    """Creates the stack, and returns its outputs and physical names by logical ones."""
    boto3.client("s3").create_bucket(Bucket="packages", CreateBucketConfiguration={"LocationConstraint": os.environ["AWS_REGION"]})
    template = transform.transformed(ROOT / "template.yaml", {logical: uploaded(name) for logical, name in FUNCTIONS.items()})
    for logical in FUNCTIONS:  # The emulator's functions find AWS where the emulator is.
        variables = template["Resources"][logical]["Properties"]["Environment"]["Variables"]
        variables.update({name: os.environ[name] for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")})
    return trial.stack(template, {"Stage": "trial"})


def routed(names):
    """The emulator makes no routes of the API's definition; they are added as the definition has them."""
    gateway, functions = boto3.client("apigatewayv2"), boto3.client("lambda")
    api = names["Api"]
    if not gateway.get_routes(ApiId=api)["Items"]:
        arn = functions.get_function(FunctionName=names["WebhookReceiver"])["Configuration"]["FunctionArn"]
        integration = gateway.create_integration(ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=arn, PayloadFormatVersion="2.0")
        for route in ("POST /webhooks/{connection}", "POST /webhooks/{connection}/exceptions"):
            gateway.create_route(ApiId=api, RouteKey=route, Target=f"integrations/{integration['IntegrationId']}")
    return f"{os.environ['AWS_ENDPOINT_URL']}/_aws/execute-api/{api}/$default/webhooks/{STORE}"


def state(order):
    """What the ledger says of an order."""
    return trial.ledger(order).get("state", {}).get("state")


def counted(queue):
    told = boto3.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    return int(told["ApproximateNumberOfMessages"]) + int(told["ApproximateNumberOfMessagesNotVisible"])


def end_to_end():
    say("starting the emulator and a store; the company is away for now")
    trial.emulator()
    shop = trial.store()
    port = trial.free_port()
    process, known = trial.company(port)
    trial.ended(process)

    say("deploying template.yaml")
    outputs, names = deployed()
    webhooks = routed(names)
    os.environ.update(TABLE_NAME=outputs["TableName"], SECRETS_PREFIX=outputs["SecretsPrefix"],
                      ORDERS_QUEUE_URL=outputs["OrdersQueueUrl"], JOBS_QUEUE_URL=outputs["JobsQueueUrl"],
                      CATALOGUE_QUEUE_URL=outputs["CatalogueQueueUrl"])
    check(not trial.shown(shop, PART), f"the store does not know part {PART}")
    trial.connect(shop, known, more=f"\n{CATALOGUE}")
    trial.shop_asked(shop, "POST", "/v3/hooks", {"scope": "store/order/*", "destination": webhooks, "is_active": True,
                                                 "headers": {HEADER: HEADER_SECRET}})

    first, second, *_ = shop["orders"]
    say(f"order {first} is changed in the store while the company is away")
    trial.shop_asked(shop, "PUT", f"/v2/orders/{first}", {"status_id": 9})
    until(f"order {first} to be kept for later", lambda: state(first) == "retrying", 60)
    check(state(first) == "retrying", f"order {first} is kept for later")

    say("the company comes back; the schedule wakes the order within two minutes")
    _, kinetic = trial.company(port)
    until(f"order {first} to be synced", lambda: state(first) == "synced", 240)
    check(len(trial.kinetic_orders(kinetic, f"BC-{first}")) == 1, f"order {first} was woken, and is one sales order")

    say(f"order {second} is changed in the store")
    trial.shop_asked(shop, "PUT", f"/v2/orders/{second}", {"status_id": 9})
    until(f"order {second} to be synced", lambda: state(second) == "synced", 60)
    check(len(trial.kinetic_orders(kinetic, f"BC-{second}")) == 1, f"order {second} came by the API, and is one sales order")

    say(f"the schedule starts the jobs of the catalogue: part {PART} within two minutes, its level a minute later")
    (product,) = until(f"part {PART} to be shown", lambda: trial.shown(shop, PART), 180)
    check(product["price"] == PRICE, f"part {PART} is a product, which costs {product['price']}")
    until(f"part {PART} to be on sale", lambda: trial.levels(shop, PART), 180)
    check(trial.levels(shop, PART) == LEVEL, f"its level is what the company has: {trial.levels(shop, PART)}")

    say("a forged delivery, and a message that is none of ours")
    body = b'{"scope":"store/order/created","store_id":"1","data":{"type":"order","id":1},"hash":"x","created_at":1,"producer":"stores/abc123"}'
    status, _ = trial.asked("POST", webhooks, body, {"X-BC-Signature": "forged", HEADER: HEADER_SECRET, "Content-Type": "application/json"})
    check(status == 401, "the forged delivery is refused with 401")
    boto3.client("sqs").send_message(QueueUrl=outputs["OrdersQueueUrl"], MessageBody="not ours", MessageGroupId=f"{STORE}/0", MessageDeduplicationId="poison")
    dead = names["OrdersDeadLetters"]
    until("the message to be among the dead letters", lambda: counted(dead) == 1)
    check(counted(dead) == 1, "the message is among the dead letters")
    until("all queues to be empty", lambda: all(counted(outputs[f"{kind}QueueUrl"]) == 0 for kind in ("Orders", "Jobs", "Catalogue")))
    check(counted(outputs["OrdersQueueUrl"]) == 0, "nothing is left in the queues")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(__doc__)
    trial.main(end_to_end)
