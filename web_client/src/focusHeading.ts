const PATIENCE_MS = 5000;

/**
 * Move the focus to the page's heading after a navigation, so that screen readers announce the new page.
 *
 * Waits for a heading that is still being loaded; gives up when the reader has put the focus somewhere meanwhile.
 * Returns how to stop waiting.
 */
export function focusHeading(): () => void {
  const observer = new MutationObserver(() => attempt());
  const stop = () => {
    observer.disconnect();
    clearTimeout(timer);
  };
  const attempt = () => {
    const heading = document.querySelector<HTMLElement>('h1[tabindex="-1"]');
    const focused = document.activeElement;
    if (focused !== null && focused !== document.body) stop();
    else if (heading) {
      stop();
      heading.focus({ preventScroll: true });
    }
  };
  const timer = setTimeout(stop, PATIENCE_MS);
  observer.observe(document.body, { childList: true, subtree: true });
  attempt();
  return stop;
}
