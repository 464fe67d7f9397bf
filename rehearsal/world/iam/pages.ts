import { pageOf } from "../paging";

/** IAM API reference, ListRoles, read 2026-11-25; its other listings have the same. */
const pageSizes = { default: 100, most: 1000 };

/** A page of one of IAM's listings, in the form its answers have. */
export function paged<Item, Shown>(
  all: readonly Item[],
  nameOf: (item: Item) => string,
  asked: { readonly MaxItems?: number | undefined; readonly Marker?: string | undefined },
  show: (items: Item[]) => Shown,
): Shown & { IsTruncated: boolean; Marker?: string } {
  const { items, next } = pageOf(all, nameOf, {
    size: Math.min(asked.MaxItems ?? pageSizes.default, pageSizes.most),
    token: asked.Marker,
    invalidToken: "ValidationError",
  });
  return { ...show(items), IsTruncated: next !== undefined, ...(next === undefined ? {} : { Marker: next }) };
}
