/** How long a list may take to load anew after a dialog has closed. */
const patience = 10_000;

/**
 * A dialog gives the focus back to what opened it. Where that goes with its row, now or once its list is loaded anew, the focus moves on to
 * the next row, the one before, or the heading of the page, and does not fall to the beginning (WCAG 2.4.3).
 * @param opener had the focus when the dialog opened
 * @returns to be called when the dialog is gone
 */
export function keepFocusOf(opener: Element | null): () => void {
  const row = opener?.closest('tr, li');
  const around = [row?.nextElementSibling, row?.previousElementSibling];
  return () => {
    if (opener === null || opener === document.body) return;
    const stop = () => {
      observer.disconnect();
      clearTimeout(timer);
    };
    const look = () => {
      const { activeElement } = document;
      if (activeElement === opener) return;
      if (activeElement !== null && activeElement !== document.body) return stop();
      if (opener.isConnected) return;
      const near = around.find((one) => one?.isConnected)?.querySelector<HTMLElement>('button, a[href], input, select');
      const heading = document.querySelector<HTMLElement>('main h1') ?? document.querySelector<HTMLElement>('h1');
      if (near == null && heading !== null) heading.tabIndex = -1;
      const next = near ?? heading;
      if (next === null) return;
      next.focus();
      stop();
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { childList: true, subtree: true });
    const timer = setTimeout(stop, patience);
    queueMicrotask(look);
  };
}
