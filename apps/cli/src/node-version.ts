/** The oldest major version of Node that runs this, as `engines` of package.json says. */
export const oldestNode = 24;

/** What is wrong with a version of Node (`v20.20.2`), as a sentence; undefined when it is new enough. */
export function nodeObjection(version: string): string | undefined {
  const major = Number(/^v?(\d+)\./.exec(version)?.[1]);
  if (major >= oldestNode) return undefined;
  return `yaolian needs Node ${oldestNode} or newer, and was started with Node ${version.replace('v', '')}. Put a newer one first in PATH; "node --version" tells which that is.`;
}
