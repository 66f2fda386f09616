import { expect, test } from "vitest";
import { locationText } from "./hosts.ts";

test.each([
  ["https://user:s3cret@iam.test/auth?state=s3cret#s3cret", "https://iam.test/auth"],
  ["https:user:s3cret@iam.test/auth", "https://iam.test/auth"],
  ["https:\\\\user:s3cret@iam.test\\auth", "https://iam.test/auth"],
  ["//user:s3cret@iam.test/auth", "//iam.test/auth"],
  ["//:s3cret@any.invalid/auth", "//any.invalid/auth"],
  ["/login?next=s3cret", "/login"],
  ["login#s3cret", "login"],
  ["app://user:s3cret@x/", "app:…"],
  ["https://user:s3cret@[/", "what is no URL"],
  ["https://user:s3c#ret@iam.test/", "what is no URL"],
  ["", ""],
  [undefined, undefined],
])("%s is told as %s", (location, told) => {
  expect(locationText(location)).toBe(told);
});
