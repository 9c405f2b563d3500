import { expect, test } from "vitest";
import { Scope } from "../../../src/platform/scope.js";

function fill(scope: Scope, released: string[], ...names: string[]): void {
  for (const name of names) scope.defer(() => void released.push(name));
}

test("releases in reverse order, one after the other", async () => {
  const released: string[] = [];
  const scope = new Scope();
  fill(scope, released, "first");
  scope.defer(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    released.push("second");
  });
  fill(scope, released, "third");
  await scope[Symbol.asyncDispose]();
  expect(released).toEqual(["third", "second", "first"]);
});

test("releases everything although releases fail, and throws the first failure", async () => {
  const released: string[] = [];
  const scope = new Scope();
  fill(scope, released, "first");
  scope.defer(() => Promise.reject(new Error("second")));
  scope.defer(() => {
    throw new Error("third");
  });
  fill(scope, released, "fourth");
  await expect(scope[Symbol.asyncDispose]()).rejects.toThrow("third");
  expect(released).toEqual(["fourth", "first"]);
});

test("releases once, however often it is disposed", async () => {
  const released: string[] = [];
  const scope = new Scope();
  fill(scope, released, "only");
  await scope[Symbol.asyncDispose]();
  await scope[Symbol.asyncDispose]();
  expect(released).toEqual(["only"]);
});

test("what was moved is released by the new owner and no more by the old one", async () => {
  const released: string[] = [];
  const scope = new Scope();
  fill(scope, released, "a", "b");
  const owner = scope.move();
  fill(scope, released, "later");
  await scope[Symbol.asyncDispose]();
  expect(released).toEqual(["later"]);
  await owner[Symbol.asyncDispose]();
  expect(released).toEqual(["later", "b", "a"]);
});

test("a release may acquire more: it is released too", async () => {
  const released: string[] = [];
  const scope = new Scope();
  scope.defer(() => fill(scope, released, "inner"));
  await scope[Symbol.asyncDispose]();
  expect(released).toEqual(["inner"]);
});

test("leaving a block by an exception releases", async () => {
  const released: string[] = [];
  const work = async () => {
    await using scope = new Scope();
    fill(scope, released, "it");
    throw new Error("half-way");
  };
  await expect(work()).rejects.toThrow("half-way");
  expect(released).toEqual(["it"]);
});
