// A model under SageMaker's container contract that needs no data: it counts the words of a text.
const { createServer } = require("node:http");

const server = createServer(async (request, response) => {
  if (request.url === "/ping") return response.writeHead(200).end();
  let words = 0;
  let inWord = false;
  for await (const chunk of request.setEncoding("utf8")) {
    for (const letter of chunk) {
      const isSpace = /\s/.test(letter);
      if (!isSpace && !inWord) words++;
      inWord = !isSpace;
    }
  }
  const body = Buffer.from(JSON.stringify({ words }));
  // Content-Length always: an asynchronous endpoint refuses a chunked reply.
  return response.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length }).end(body);
});

process.on("SIGTERM", () => server.close(() => process.exit(0)));
server.listen(Number(process.env.SAGEMAKER_BIND_TO_PORT ?? 8080), process.env.ASYNC_FLEET_BIND_HOST ?? "0.0.0.0");
