import type { ExitCode } from "./main";
import type { Terminal } from "./terminal";
export async function checkCommand(_o: object, _t: Terminal, _s: AbortSignal): Promise<ExitCode> { return 0; }
