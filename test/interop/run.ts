/** `npm run interop`: AWS's walkthrough by an unmodified boto3 against `fleet serve`. Needs a python3 that has boto3. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const rootDir = join(__dirname, "..", "..");

async function main(): Promise<void> {
  const server = spawn(process.execPath, ["bin/fleet.js", "serve", "--port", "0"], { cwd: rootDir });
  server.stderr.pipe(process.stderr);
  try {
    let url: string | undefined;
    for await (const line of createInterface({ input: server.stdout })) {
      url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
      if (url !== undefined) break;
    }
    if (url === undefined) throw new Error("fleet serve ended before it listened");
    const python = spawn(process.env.PYTHON ?? "python3", [join(__dirname, "walkthrough.py"), url], {
      stdio: "inherit",
    });
    const [status] = (await once(python, "close")) as [number | null];
    process.exitCode = status ?? 1;
  } finally {
    server.kill("SIGINT");
  }
}

void main();
