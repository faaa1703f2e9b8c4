export * from "./check";
export * from "./frames";
