// A runtime in 30 lines. AWS's own client for Node needs a C++ tool chain to install; this one does less, which favours Node.
import http from "node:http";
import { handler } from "./handler.mjs";

const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const base = "/2018-06-01/runtime/invocation";

function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host, port, method, path: base + path, agent }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => resolve({ headers: answer.headers, body: Buffer.concat(parts) }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

for (;;) {
  const next = await call("GET", "/next");
  const id = next.headers["lambda-runtime-aws-request-id"];
  try {
    await call("POST", `/${id}/response`, JSON.stringify(await handler(JSON.parse(next.body))));
  } catch (error) {
    await call("POST", `/${id}/error`, JSON.stringify({ errorMessage: String(error), errorType: error.name }));
  }
}
