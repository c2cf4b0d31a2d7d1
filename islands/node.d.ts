// The little of Node that tests use; the islands themselves know only the browser.
declare module "node:test" {
  export function test(name: string, body: () => void | Promise<void>): void;
}
declare module "node:assert/strict" {
  export function equal(actual: unknown, expected: unknown, message?: string): void;
  export function deepEqual(actual: unknown, expected: unknown, message?: string): void;
  export function throws(body: () => unknown, error?: RegExp, message?: string): void;
}
declare module "node:fs" {
  export function readFileSync(path: URL, encoding: "utf8"): string;
}
