/** An object of JSON, as a merge patch takes it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Applies a JSON merge patch (RFC 7396 2): `null` removes a member, objects are merged, all else replaces. */
export function mergePatch(target: JsonObject, patch: JsonObject): Record<string, unknown> {
  const merged = new Map(Object.entries(target));
  for (const [name, change] of Object.entries(patch)) {
    if (change === null) {
      merged.delete(name);
    } else {
      merged.set(name, isJsonObject(change) ? mergePatch(asObject(merged.get(name)), change) : change);
    }
  }
  return Object.fromEntries(merged);
}

/** Whether a JSON value is an object, and no array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
