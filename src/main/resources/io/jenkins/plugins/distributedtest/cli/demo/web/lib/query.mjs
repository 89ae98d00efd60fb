/** Reads a query string; a key that comes twice gives a list. */
export function parse(text) {
  const result = {};
  for (const [key, value] of new URLSearchParams(text)) {
    result[key] = key in result ? [result[key], value].flat() : value;
  }
  return result;
}

/** Writes a query string, keys in order. */
export function write(values) {
  return Object.keys(values).sort()
    .flatMap((key) => [values[key]].flat().map((value) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`))
    .join('&');
}
