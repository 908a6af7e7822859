/** A choice of this browser's user, which outlives the page where the browser lets it. */
export function readPreference<T extends string>(name: string, choices: readonly T[]): T | undefined {
  try {
    const value = localStorage.getItem(`yaolian.${name}`);
    return choices.find((choice) => choice === value);
  } catch {
    return undefined; // storage is closed to us: the defaults hold
  }
}

export function keepPreference(name: string, value: string): void {
  try {
    localStorage.setItem(`yaolian.${name}`, value);
  } catch {
    // storage is closed to us: the choice holds for this page
  }
}
