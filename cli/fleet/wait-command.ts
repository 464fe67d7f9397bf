import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import type { Submission } from "../../client/submit";
import { UsageError } from "../../contract/errors";
import type { ExitCode } from "../main";
import type { Terminal } from "../terminal";
import { bringAnswer } from "./invoke-command";
import { openFleet } from "./open-fleet";
import type { SendingOptions } from "./options";

/** `fleet wait [FILE]`: brings the answer of a request sent with `fleet invoke --no-wait`. */
export async function waitCommand(
  file: string,
  options: SendingOptions & { readonly output?: string },
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const submission = await readSubmission(file);
  const client = await openFleet(options);
  try {
    return await bringAnswer(client, { ...submission, repeated: true }, options, terminal, signal);
  } finally {
    client.close();
  }
}

async function readSubmission(file: string): Promise<Submission> {
  const at = file === "-" ? "standard input" : file;
  const wrong = (got: string): UsageError =>
    new UsageError({ code: "ASY-301", at, got, expected: "what `fleet invoke --no-wait` printed" });
  const said = await (file === "-" ? text(process.stdin) : readFile(file, "utf8")).catch(
    (cause: NodeJS.ErrnoException) => {
      throw wrong(cause.code === "ENOENT" ? "no such file" : (cause.code ?? cause.message));
    },
  );
  try {
    const value = JSON.parse(said) as Partial<Submission>;
    const texts = [value.region, value.inferenceId, value.outputLocation].every((each) => typeof each === "string");
    const numbers = [value.acceptedAtMs, value.timeToLiveSeconds, value.invocationTimeoutSeconds].every(
      (each) => typeof each === "number",
    );
    if (texts && numbers) return value as Submission;
  } catch {
    // Told below.
  }
  throw wrong(said.trim() === "" ? "nothing" : `${said.trim().slice(0, 60)}`);
}
