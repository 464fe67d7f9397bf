import { join } from "node:path";
import { rootDir } from "./images";

/** The pack as an executable file, which an engine starts without a language host. */
export const launcher = join(rootDir, "policies", "launcher");
