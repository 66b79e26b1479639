// The webhook receiver in JavaScript: the work of functions/webhook-receiver, for comparison only.
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

const env = process.env;
const dynamodb = new DynamoDBClient({});
const secrets = new SecretsManagerClient({});
const sqs = new SQSClient({});
const doors = new Map();

// What checks a webhook of `connection`: read on first use, as in the Rust function.
async function door(connection) {
  if (!doors.has(connection)) {
    const Key = { pk: { S: env.BENCH_PK }, sk: { S: env.BENCH_SK } };
    await dynamodb.send(new GetItemCommand({ TableName: env.TABLE_NAME, Key }));
    const SecretId = `${env.SECRETS_PREFIX}/${connection}/webhook`;
    doors.set(connection, JSON.parse((await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString));
  }
  return doors.get(connection);
}

const same = (a, b) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

export async function handler(event) {
  const { method, path } = event.requestContext.http;
  if (method !== "POST") return { statusCode: 405 };
  const connection = path.split("/").pop();
  const raw = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
  await door(connection);
  const signature = createHmac("sha256", env.BENCH_CLIENT_SECRET).update(raw).digest("hex");
  const header = event.headers[env.BENCH_HEADER.toLowerCase()] ?? "";
  if (!same(header, env.BENCH_HEADER_SECRET) || !same(signature, event.headers["x-bc-signature"] ?? "")) {
    return { statusCode: 401 };
  }
  const told = JSON.parse(raw.toString("utf8"));
  if (told.producer !== env.BENCH_PRODUCER) return { statusCode: 400 };
  const order = told.data.id;
  const identity = [told.scope, order, told.hash, told.created_at].join("\n");
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: env.ORDERS_QUEUE_URL,
      MessageBody: JSON.stringify({ connection, order, origin: "hook", version: 1 }),
      MessageGroupId: `${connection}/${order % 2}`,
      MessageDeduplicationId: createHash("sha256").update(identity).digest("hex"),
    }),
  );
  return { statusCode: 200 };
}
