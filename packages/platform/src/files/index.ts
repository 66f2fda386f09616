export { type ReadPlatform, readPlatform } from "./read-platform.ts";
