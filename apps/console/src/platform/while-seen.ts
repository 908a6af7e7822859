/** Long enough for a look at another tab. */
const staysFor = 10_000;

/**
 * Keeps something open while the page is seen: a browser has six connections to a server for all its tabs together (HTTP/1.1), and a
 * stream takes one for as long as it is open. With six tabs nothing else would load.
 * @param open what it answers closes it
 * @returns what ends this
 */
export function whileSeen(open: () => () => void): () => void {
  let close: (() => void) | undefined;
  let leaving: ReturnType<typeof setTimeout> | undefined;
  const leave = () => {
    leaving = undefined;
    close?.();
    close = undefined;
  };
  const look = () => {
    if (document.hidden) {
      if (close !== undefined) leaving ??= setTimeout(leave, staysFor);
      return;
    }
    clearTimeout(leaving);
    leaving = undefined;
    close ??= open();
  };
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    document.removeEventListener('visibilitychange', look);
    clearTimeout(leaving);
    leave();
  };
}
