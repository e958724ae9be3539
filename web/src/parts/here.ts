/**
 * For links that say themselves whether they are where one is: the router marks a link as current when the address begins
 * with its own, and then a run is at "Runs" and at "Workflows", and a breadcrumb is where it leads away from.
 */
export const EXACTLY = { exact: true, includeSearch: false } as const;
