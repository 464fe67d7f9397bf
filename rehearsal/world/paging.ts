import { AwsError } from "./aws-error";

export interface PageAsked {
  /** The most one page holds. */
  readonly size: number;
  /** What an earlier page gave as its `next`. */
  readonly token: string | undefined;
  /** AWS's name for the error of a token that is none. */
  readonly invalidToken: string;
}

/**
 * One page of a list in its own order. A token names the last item that was told and its place, so that the next page
 * begins behind it even when others have come or gone since.
 *
 * @throws AwsError `invalidToken` for a token that no page gave
 */
export function pageOf<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  { size, token, invalidToken }: PageAsked,
): { readonly items: Item[]; readonly next?: string } {
  const from = token === undefined ? 0 : startOf(items, nameOf, token, invalidToken);
  const shown = items.slice(from, from + Math.max(1, size));
  const last = shown.at(-1);
  const end = from + shown.length;
  if (last === undefined || end >= items.length) return { items: shown };
  return { items: shown, next: Buffer.from(JSON.stringify([end, nameOf(last)])).toString("base64url") };
}

/** Every item of a listing, page after page. `ask` answers one page and the token of the next. */
export async function everyPage<Item>(
  ask: (
    token: string | undefined,
  ) => Promise<{ readonly items: readonly Item[] | undefined; readonly next: string | undefined }>,
): Promise<Item[]> {
  const found: Item[] = [];
  let token: string | undefined;
  do {
    const { items, next } = await ask(token);
    found.push(...(items ?? []));
    token = next;
  } while (token !== undefined);
  return found;
}

function startOf<Item>(items: readonly Item[], nameOf: (item: Item) => string, token: string, code: string): number {
  const [end, name] = read(token);
  if (typeof end !== "number" || !Number.isInteger(end) || end < 0 || typeof name !== "string")
    throw new AwsError(code, "The specified token is not valid.");
  const last = items.findIndex((item) => nameOf(item) === name);
  // Where the last one told is gone, its place is filled by the one behind it.
  return last >= 0 ? last + 1 : Math.max(0, end - 1);
}

function read(token: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
