/** Where the status page lies. No bucket's name begins with an underscore. */
export const pagePath = "/_rehearsal/";
