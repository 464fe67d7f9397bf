/** The container of an image nobody gave a command for: what it is sent comes back, streamed, under the same type. */
const { createServer } = require("node:http");

const server = createServer((request, response) => {
  if (request.url === "/ping") {
    response.end();
    return;
  }
  // A reply to an asynchronous invocation has to say its length beforehand.
  const length = request.headers["content-length"] ?? "0";
  response.writeHead(200, {
    "Content-Type": request.headers["content-type"] ?? "application/octet-stream",
    "Content-Length": length,
  });
  request.pipe(response);
});
server.requestTimeout = 0;
server.keepAliveTimeout = 0;
server.listen(Number(process.env.SAGEMAKER_BIND_TO_PORT ?? 8080), process.env.ASYNC_FLEET_BIND_HOST, () =>
  console.log("The echo container listens: what it is sent comes back."),
);
process.once("SIGTERM", () => {
  server.close();
  server.closeIdleConnections();
});
