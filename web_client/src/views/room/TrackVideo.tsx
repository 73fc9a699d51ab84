import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { watchFirstPicture } from '../../rtc/joinTime';
import { type Shows, useDrawn } from './useDrawn';

interface TrackVideoProps {
  track: MediaStreamTrack | null;
  /** The reader's own picture is shown as in a mirror. */
  mirrored?: boolean;
  /** The whole picture, with bars, instead of a filled frame. */
  whole?: boolean;
  /** Somebody else's picture. */
  remote?: boolean;
  /** Whose picture it is, where others have to send it. */
  shows?: Shows;
  label: string;
}

/** Shows a picture; sound goes its own way. The element stays when there is no picture. */
export function TrackVideo({ track, mirrored, whole, remote, shows, label }: TrackVideoProps): VNode {
  const video = useRef<HTMLVideoElement>(null);
  useDrawn(video, shows);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    element.srcObject = track ? new MediaStream([track]) : null;
    if (track && remote) watchFirstPicture(element);
    if (track) element.play().catch(() => undefined); // a picture without sound may always play; else the next one does
  }, [track]);
  const classes = ['track', mirrored ? 'track--mirrored' : '', whole ? 'track--whole' : ''].filter(Boolean).join(' ');
  return (
    <video
      ref={video}
      class={classes}
      autoplay
      playsInline
      muted
      disablePictureInPicture={mirrored}
      hidden={!track}
      aria-label={label}
    />
  );
}
