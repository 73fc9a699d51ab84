import { Crown, Hand, MicOff, Pin, PinOff, Volume2, VolumeX } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../i18n';
import type { RemoteTrack } from '../../rtc/call';
import { pictureMode } from '../../rtc/pictureMode';
import { Avatar, Badge, Icon, IconButton } from '../../ui';
import { personConnection } from './connectionWords';
import { mute } from './moderation';
import type { RoomView } from './model';
import { isMuted, isUndecodable, liveRemote, type Tile } from './stageLayout';
import { TrackVideo } from './TrackVideo';

interface TileProps {
  room: RoomView;
  tile: Tile;
  /** The first tile of its site. */
  beginsSite: boolean;
  pinned: boolean;
  onPin: () => void;
}

/** One person or hall: picture, name, site, microphone, and trouble with the connection in words. */
export function TileView({ room, tile, beginsSite, pinned, onPin }: TileProps): VNode {
  const { session } = room;
  const { endpoint, own } = tile;
  const speaking = session.activeSpeaker.value === endpoint.id;
  const remote = own ? null : liveRemote(endpoint, 'camera', session.tracks.value);
  const picture = own ? ownPicture(room) : shownPicture(remote);
  const slow = remote !== null && session.pictures.paused.value.has(remote.consumerId);
  const undecodable = !own && isUndecodable(endpoint, 'camera', session.undecodable.value);
  const connection = personConnection(endpoint.connection, endpointQuality(room, tile));
  const classes = ['tile', speaking ? 'tile--speaking' : '', tile.hasFloor ? 'tile--floor' : '']
    .filter(Boolean)
    .join(' ');
  return (
    <article
      class={classes}
      aria-label={endpoint.name}
      data-testid={`tile-${endpoint.id}`}
      data-person-id={endpoint.personId ?? undefined}
      data-own={own ? 'true' : undefined}
    >
      <TrackVideo
        track={picture}
        mirrored={own}
        remote={!own}
        shows={own ? undefined : { views: session.views, endpointId: endpoint.id, source: 'camera', pinned }}
        label={t('room-picture-of', { name: endpoint.name })}
      />
      {picture ? null : <Avatar name={endpoint.name} large />}
      <div class="tile__marks">
        {beginsSite && endpoint.siteName ? <span class="tile__group">{endpoint.siteName}</span> : null}
        {undecodable ? <Badge tone="warning">{t('pictures-undecodable')}</Badge> : null}
        {slow && picture ? <Badge tone="warning">{t('pictures-paused')}</Badge> : null}
        {connection.good ? null : <Badge tone="warning">{t(connection.words)}</Badge>}
        {tile.hasFloor ? (
          <Badge tone="accent" icon={Hand}>
            {t('room-has-floor')}
          </Badge>
        ) : null}
      </div>
      <footer class="tile__caption">
        {tile.isChair ? <Icon icon={Crown} size={16} label={t('role-chair')} /> : null}
        <span class="tile__name">
          {tile.behind ? <strong>{tile.behind.name}</strong> : null}{' '}
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
        {room.can.mute && !own && !isMuted(endpoint) ? (
          <IconButton
            icon={VolumeX}
            label={t('room-mute-person', { name: endpoint.name })}
            onClick={() => mute(room, [endpoint])}
            data-testid={`mute-${endpoint.id}`}
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

/** Who wants no pictures is not shown one that stands still. */
function shownPicture(remote: RemoteTrack | null): MediaStreamTrack | null {
  return pictureMode.value === 'sound' ? null : (remote?.track ?? null);
}

function ownPicture({ session }: RoomView): MediaStreamTrack | null {
  return session.camera.on.value ? session.camera.track.value : null;
}

function endpointQuality({ meeting, session }: RoomView, { endpoint, own }: Tile): string | null | undefined {
  if (own) return session.quality.own.value;
  return meeting.qualities.value.get(endpoint.personId ?? endpoint.hallId ?? '');
}
