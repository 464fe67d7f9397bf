/** What a gigabyte is compared with: a PUT goes to one file, a GET comes from it, nothing is looked at. */
const { createReadStream, createWriteStream, statSync } = require("node:fs");
const { createServer } = require("node:http");
const { pipeline } = require("node:stream/promises");

const file = process.argv[2];
createServer(async (request, response) => {
  if (request.method === "PUT") {
    await pipeline(request, createWriteStream(file));
    response.end();
  } else {
    response.writeHead(200, { "content-length": statSync(file).size });
    await pipeline(createReadStream(file), response);
  }
}).listen(0, "127.0.0.1", function listening() {
  console.log(`127.0.0.1:${this.address().port}`);
});
