/** Sends requests of a kilobyte, 64 at once. */
import { submit } from "../../client/submit";
import { open, timed } from "./open";

const { connection, own } = open();
const bytes = Buffer.alloc(1024, "x");
let left = Number(own);

void timed(() =>
  Promise.all(
    Array.from({ length: 64 }, async () => {
      while (left-- > 0) await submit(connection, { bytes }, { contentType: "text/plain" });
    }),
  ),
).then(() => connection.close());
