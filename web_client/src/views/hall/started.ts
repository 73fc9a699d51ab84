const STORED = 'plenum.hall';

/** Whether somebody has started this screen: from then on it enters by itself, until the window is closed. */
export function isStarted(): boolean {
  return sessionStorage.getItem(STORED) === 'started';
}

export function setStarted(): void {
  sessionStorage.setItem(STORED, 'started');
}

export function stopHall(): void {
  sessionStorage.removeItem(STORED);
}
