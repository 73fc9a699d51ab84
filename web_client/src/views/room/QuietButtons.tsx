import { MicOff, VolumeX } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../i18n';
import type { Endpoint } from '../../protocol/generated';
import { Button, IconButton } from '../../ui';
import { allButSpeaker, askToUnmute, heard, mute } from './moderation';
import type { RoomView } from './model';
import { isMuted } from './stageLayout';

/** Mute one person or hall, or ask them to turn their microphone on. */
export function QuietButton({ room, endpoint }: { room: RoomView; endpoint: Endpoint }): VNode | null {
  if (!room.can.mute || endpoint.id === room.session.endpointId.value) return null;
  const { name, id } = endpoint;
  return isMuted(endpoint) ? (
    <IconButton
      icon={MicOff}
      label={t('room-ask-unmute', { name })}
      onClick={() => askToUnmute(room, endpoint)}
      data-testid={`ask-unmute-${id}`}
    />
  ) : (
    <IconButton
      icon={VolumeX}
      label={t('room-mute-person', { name })}
      onClick={() => mute(room, [endpoint])}
      data-testid={`quiet-${id}`}
    />
  );
}

interface QuietSiteProps {
  room: RoomView;
  site: string;
  siteId: string | null;
}

/** Mute a whole site: its people and its halls. */
export function QuietSite({ room, site, siteId }: QuietSiteProps): VNode | null {
  const { session } = room;
  if (!room.can.mute || siteId === null) return null;
  const there = session.endpoints.value.filter((one) => one.siteId === siteId && one.id !== session.endpointId.value);
  if (heard(there).length === 0) return null;
  return (
    <IconButton
      icon={VolumeX}
      label={t('room-mute-site', { site })}
      onClick={() => mute(room, there)}
      data-testid={`quiet-site-${siteId}`}
    />
  );
}

/** Mute everybody but who has the floor. */
export function QuietAll({ room }: { room: RoomView }): VNode | null {
  if (!room.can.mute) return null;
  const others = allButSpeaker(room);
  return (
    <Button
      icon={VolumeX}
      wide
      disabled={heard(others).length === 0}
      onClick={() => mute(room, others)}
      data-testid="quiet-all"
    >
      {t('room-mute-all')}
    </Button>
  );
}
