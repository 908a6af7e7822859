/** Remembers the answer to the last name: a Register asks several times for the same one. */
export function rememberingLast<T>(read: (endpoint: string) => T): (endpoint: string) => T {
  let last: { readonly endpoint: string; readonly value: T } | undefined;
  return (endpoint) => {
    if (last?.endpoint !== endpoint) last = { endpoint, value: read(endpoint) };
    return last.value;
  };
}
