import type { Page } from "puppeteer-core";

/** What of the browser's own world the function below uses that runs in it. */
declare const document: { querySelector(selector: string): { readonly textContent: string | null } | null };

/** The text of everything a selector finds. */
export const texts = (page: Page, selector: string): Promise<string[]> =>
  page.$$eval(selector, (found) => found.map((each) => (each.textContent ?? "").replace(/\s+/g, " ").trim()));

/** Waits until an element's text matches. */
export async function says(page: Page, selector: string, pattern: RegExp): Promise<void> {
  await page
    .waitForFunction(
      (at, source) => new RegExp(source).test(document.querySelector(at)?.textContent ?? ""),
      { timeout: 15_000, polling: 50 },
      selector,
      pattern.source,
    )
    .catch(async (cause) => {
      throw new Error(`${selector} never said ${pattern}, but ${await texts(page, selector)}`, { cause });
    });
}
