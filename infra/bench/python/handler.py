"""The webhook receiver in Python: the work of functions/webhook-receiver, for comparison only."""

import base64
import hashlib
import hmac
import json
import os

import boto3

dynamodb = boto3.client("dynamodb")
secrets = boto3.client("secretsmanager")
sqs = boto3.client("sqs")
doors = {}


def door(connection):
    """What checks a webhook of `connection`: read on first use, as in the Rust function."""
    if connection not in doors:
        key = {"pk": {"S": os.environ["BENCH_PK"]}, "sk": {"S": os.environ["BENCH_SK"]}}
        dynamodb.get_item(TableName=os.environ["TABLE_NAME"], Key=key)
        name = f"{os.environ['SECRETS_PREFIX']}/{connection}/webhook"
        doors[connection] = json.loads(secrets.get_secret_value(SecretId=name)["SecretString"])
    return doors[connection]


def handler(event, _context):
    route = event["requestContext"]["http"]
    if route["method"] != "POST":
        return {"statusCode": 405}
    connection = route["path"].rsplit("/", 1)[-1]
    body = event.get("body", "")
    raw = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    door(connection)
    headers = event["headers"]
    secret = os.environ["BENCH_CLIENT_SECRET"].encode()
    signature = hmac.new(secret, raw, hashlib.sha256).hexdigest()
    header_ok = hmac.compare_digest(headers.get(os.environ["BENCH_HEADER"].lower(), ""), os.environ["BENCH_HEADER_SECRET"])
    if not header_ok or not hmac.compare_digest(signature, headers.get("x-bc-signature", "")):
        return {"statusCode": 401}
    told = json.loads(raw)
    if told["producer"] != os.environ["BENCH_PRODUCER"]:
        return {"statusCode": 400}
    order = told["data"]["id"]
    identity = "\n".join([told["scope"], str(order), told["hash"], str(told["created_at"])])
    sqs.send_message(
        QueueUrl=os.environ["ORDERS_QUEUE_URL"],
        MessageBody=json.dumps({"connection": connection, "order": order, "origin": "hook", "version": 1}),
        MessageGroupId=f"{connection}/{order % 2}",
        MessageDeduplicationId=hashlib.sha256(identity.encode()).hexdigest(),
    )
    return {"statusCode": 200}
