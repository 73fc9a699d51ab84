import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { RemoteTrack } from '../../rtc/call';
import type { TileViews } from '../../rtc/views';
import { watchDrawn } from './watchDrawn';

/** Whose picture is drawn, and to whom that is told. */
export interface Shows extends Pick<RemoteTrack, 'endpointId' | 'source'> {
  readonly views: TileViews;
  readonly pinned?: boolean;
}

/** Tell how large somebody's picture is drawn here, as long as it is. */
export function useDrawn(element: RefObject<HTMLVideoElement | null>, shows: Shows | undefined): void {
  const place = useRef(Symbol('place'));
  const { views, endpointId, source, pinned = false } = shows ?? {};
  useEffect(() => {
    const video = element.current;
    if (!video || !views || !endpointId || !source) return undefined;
    const stop = watchDrawn(video, (width, height) => {
      views.draw(place.current, { endpointId, source, width, height, pinned });
    });
    return () => {
      stop();
      views.erase(place.current);
    };
  }, [views, endpointId, source, pinned]);
}
