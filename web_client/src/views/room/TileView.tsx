import { Crown, Hand, MicOff, Pin, PinOff, Volume2, VolumeX } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../i18n';
import { Avatar, Badge, Icon, IconButton } from '../../ui';
import type { RoomView } from './model';
import { isMuted, liveTrack, type Tile } from './stageLayout';
import { TrackVideo } from './TrackVideo';

interface TileProps {
  room: RoomView;
  tile: Tile;
  pinned: boolean;
  onPin: () => void;
}

/** One person or hall: picture, name, site, microphone, and trouble with the connection in words. */
export function TileView({ room, tile, pinned, onPin }: TileProps): VNode {
  const { session } = room;
  const { endpoint, own } = tile;
  const speaking = session.activeSpeaker.value === endpoint.id;
  const picture = own ? ownPicture(room) : liveTrack(endpoint, 'camera', session.tracks.value);
  const classes = ['tile', speaking ? 'tile--speaking' : '', tile.hasFloor ? 'tile--floor' : '']
    .filter(Boolean)
    .join(' ');
  return (
    <article
      class={classes}
      aria-label={endpoint.name}
      data-testid={`tile-${endpoint.id}`}
      data-person-id={endpoint.personId ?? undefined}
    >
      <TrackVideo track={picture} mirrored={own} label={t('room-picture-of', { name: endpoint.name })} />
      {picture ? null : <Avatar name={endpoint.name} large />}
      <div class="tile__marks">
        {endpoint.connection === 'connected' ? null : (
          <Badge tone="warning">{t(`room-person-${endpoint.connection}`)}</Badge>
        )}
        {tile.hasFloor ? (
          <Badge tone="accent" icon={Hand}>
            {t('room-has-floor')}
          </Badge>
        ) : null}
      </div>
      <footer class="tile__caption">
        {tile.isChair ? <Icon icon={Crown} size={16} label={t('role-chair')} /> : null}
        <span class="tile__name">
          {own ? t('room-you', { name: endpoint.name }) : endpoint.name}
          {endpoint.siteName ? <span class="tile__site">{endpoint.siteName}</span> : null}
        </span>
        <Sound muted={isMuted(endpoint)} speaking={speaking} />
      </footer>
      <div class="tile__tools">
        <IconButton
          icon={pinned ? PinOff : Pin}
          label={t(pinned ? 'room-unpin' : 'room-pin', { name: endpoint.name })}
          onClick={onPin}
        />
        {room.can.run && !own && !isMuted(endpoint) ? (
          <IconButton
            icon={VolumeX}
            label={t('room-mute-person', { name: endpoint.name })}
            onClick={() => mute(room, tile)}
          />
        ) : null}
      </div>
    </article>
  );
}

function Sound({ muted, speaking }: { muted: boolean; speaking: boolean }): VNode | null {
  if (muted) return <Icon icon={MicOff} size={18} label={t('room-muted')} />;
  return speaking ? <Icon icon={Volume2} size={18} label={t('room-speaking')} /> : null;
}

function ownPicture({ session }: RoomView): MediaStreamTrack | null {
  return session.camera.on.value ? session.camera.track.value : null;
}

function mute({ meeting }: RoomView, { endpoint }: Tile): void {
  for (const producer of endpoint.producers) {
    if (producer.source !== 'microphone') continue;
    meeting.request('media.set_producer', { producerId: producer.id, paused: true }).catch(() => undefined);
  }
}
