import { existsSync } from "node:fs";
import { join } from "node:path";
import puppeteer, { type Browser } from "puppeteer-core";

/** Where Chrome or Chromium usually lies. */
function usualPlaces(): string[] {
  const { ProgramFiles = "C:\\Program Files", LOCALAPPDATA = "" } = process.env;
  if (process.platform === "darwin")
    return ["Google Chrome", "Chromium"].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  if (process.platform === "win32")
    return [ProgramFiles, LOCALAPPDATA].map((folder) => join(folder, "Google\\Chrome\\Application\\chrome.exe"));
  return ["google-chrome-stable", "google-chrome", "chromium", "chromium-browser"].flatMap((name) =>
    ["/usr/bin", "/usr/local/bin", "/snap/bin"].map((folder) => join(folder, name)),
  );
}

/** Which browser to start. @throws Error when there is none, with what to do */
export function browserPath(
  named: string | undefined,
  places: readonly string[],
  exists: (path: string) => boolean,
): string {
  const tried = named === undefined || named === "" ? places : [named];
  const found = tried.find(exists);
  if (found !== undefined) return found;
  throw new Error(
    named === undefined || named === ""
      ? `No Chrome or Chromium is in its usual places (${places.join(", ")}). Install one, or set CHROME_PATH to its program.`
      : `CHROME_PATH names ${named}, where there is nothing. Set it to the program of a Chrome or Chromium.`,
  );
}

/** A headless Chrome or Chromium of this machine. */
export function openBrowser(): Promise<Browser> {
  return puppeteer.launch({
    executablePath: browserPath(process.env.CHROME_PATH, usualPlaces(), existsSync),
    headless: true,
    // Chrome refuses to start its sandbox as root, as whom containers run.
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
}
