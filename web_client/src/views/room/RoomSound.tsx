import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n';
import { canChooseSpeaker, speakerId } from '../../rtc/devices';
import type { MediaSession } from '../../rtc/session';
import { Banner, Button } from '../../ui';

/** The browser wants a press before it plays sound. */
const blocked = signal(false);

/** Plays everybody else's sound while it is on. */
export function RoomSound({ session }: { session: MediaSession }): VNode {
  const heard = session.tracks.value.filter((remote) => remote.track.kind === 'audio');
  return (
    <>
      {heard.map((remote) => (
        <RemoteAudio key={remote.track.id} track={remote.track} on={session.soundOn.value} />
      ))}
      {blocked.value && session.soundOn.value ? <Blocked /> : null}
    </>
  );
}

function RemoteAudio({ track, on }: { track: MediaStreamTrack; on: boolean }): VNode {
  const audio = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    const element = audio.current;
    if (!element) return;
    element.srcObject = new MediaStream([track]);
    play(element);
  }, [track]);
  const speaker = speakerId.value;
  useEffect(() => {
    if (canChooseSpeaker()) audio.current?.setSinkId(speaker).catch(() => undefined); // else where it was
  }, [speaker]);
  return <audio ref={audio} autoplay muted={!on} />;
}

function play(element: HTMLAudioElement): void {
  element.play().catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'NotAllowedError') blocked.value = true;
  });
}

function Blocked(): VNode {
  const unblock = () => {
    blocked.value = false;
    for (const element of document.querySelectorAll('audio')) play(element);
  };
  return (
    <Banner tone="warning">
      <p>{t('room-sound-blocked')}</p>
      <div>
        <Button onClick={unblock}>{t('room-sound-play')}</Button>
      </div>
    </Banner>
  );
}
