export { LiveError, type LiveErrorCode } from "@ashlar/core/live";
