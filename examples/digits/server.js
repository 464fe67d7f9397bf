// SageMaker's container contract: GET /ping says the model is loaded, POST /invocations answers one request.
// No dependency, so that the image is Node and these three files.
const { createServer } = require("node:http");
const { loadNetwork, classify } = require("./network");
const { imagesOf, BadPayload } = require("./image-formats");

const network = loadNetwork(process.env.SM_MODEL_DIR ?? "/opt/ml/model");

const server = createServer((request, response) => {
  if (request.method === "GET" && request.url === "/ping") return answer(response, 200, "text/plain", "");
  if (request.method === "POST" && request.url === "/invocations") return void invocation(request, response);
  return answer(response, 404, "text/plain", `no ${request.method} ${request.url} here`);
});

async function invocation(request, response) {
  const started = process.hrtime.bigint();
  try {
    const lines = [];
    for await (const pixels of imagesOf(request.headers["content-type"] ?? "", request)) {
      lines.push(JSON.stringify(classify(network, pixels)));
      // A ping must be answered within two seconds however long the batch is.
      if (lines.length % 2000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const milliseconds = Number((process.hrtime.bigint() - started) / 1_000_000n);
    console.log(`classified ${lines.length} image${lines.length === 1 ? "" : "s"} in ${milliseconds} ms`);
    answer(response, 200, "application/jsonlines", `${lines.join("\n")}\n`);
  } catch (cause) {
    if (response.destroyed) return;
    const bad = cause instanceof BadPayload;
    console.log(`refused: ${cause.message}`);
    answer(
      response,
      bad ? 400 : 500,
      "application/json",
      JSON.stringify({ error: bad ? cause.message : "internal error" }),
    );
  }
}

// Content-Length always: an asynchronous endpoint refuses a chunked reply.
function answer(response, status, contentType, text) {
  const body = Buffer.from(text);
  response.writeHead(status, { "Content-Type": contentType, "Content-Length": body.length });
  response.end(body);
}

process.on("SIGTERM", () => server.close(() => process.exit(0)));
server.listen(
  Number(process.env.SAGEMAKER_BIND_TO_PORT ?? 8080),
  process.env.ASYNC_FLEET_BIND_HOST ?? "0.0.0.0",
  () => {
    console.log("ready");
  },
);
