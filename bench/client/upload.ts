/** Uploads a file. */
import { openPayload } from "../../client/payload";
import { upload } from "../../client/upload";
import { open, timed } from "./open";

const { connection, own } = open();

void timed(async () => {
  const payload = await openPayload({ path: own }, Number.POSITIVE_INFINITY);
  await upload(connection, payload, `${connection.manifest.inputPrefix}fleet`, {
    contentType: "application/octet-stream",
  });
  await payload.close();
}).then(() => connection.close());
