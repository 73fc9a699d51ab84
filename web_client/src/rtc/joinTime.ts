const CLICKED = 'join-clicked';
/** From the press on *Join* to the first picture of somebody else; `performance.getEntriesByName` tells it. */
export const JOIN_MEASURE = 'join';

/** *Join* was pressed. */
export function joinBegins(): void {
  performance.clearMarks(CLICKED);
  performance.clearMeasures(JOIN_MEASURE);
  performance.mark(CLICKED);
}

/** Note when the first picture of somebody else is drawn after a join. */
export function watchFirstPicture(video: HTMLVideoElement): void {
  if (performance.getEntriesByName(CLICKED).length === 0 || performance.getEntriesByName(JOIN_MEASURE).length > 0)
    return;
  video.requestVideoFrameCallback?.(() => {
    if (performance.getEntriesByName(JOIN_MEASURE).length === 0) performance.measure(JOIN_MEASURE, CLICKED);
  });
}
