import { Eye, MonitorUp, MonitorX } from 'lucide';
import type { ComponentChildren, VNode } from 'preact';
import { t } from '../../i18n';
import { pictureMode, setPictureMode } from '../../rtc/pictureMode';
import type { MediaSession } from '../../rtc/session';
import { Button, Icon } from '../../ui';
import type { RoomView } from './model';
import { switchSource } from './sourceActions';
import { isUndecodable, liveTrack } from './stageLayout';
import { TrackVideo } from './TrackVideo';

/**
 * A screen that is shown to everybody; `track` is null for one's own, which is on the screen already, and for one that this
 * browser cannot decode.
 */
export interface Shared {
  readonly endpointId: string;
  readonly name: string;
  readonly track: MediaStreamTrack | null;
  readonly undecodable?: boolean;
}

/** The screen on the stage: somebody else's before the own one. */
export function sharedScreen({ session }: RoomView): Shared | null {
  for (const endpoint of session.endpoints.value) {
    const track = liveTrack(endpoint, 'screen', session.tracks.value);
    if (track) return { endpointId: endpoint.id, name: endpoint.name, track };
    if (isUndecodable(endpoint, 'screen', session.undecodable.value)) {
      return { endpointId: endpoint.id, name: endpoint.name, track: null, undecodable: true };
    }
  }
  const own = session.own.value;
  return own && session.screen.on.value ? { endpointId: own.id, name: own.name, track: null } : null;
}

export function SharedScreen({ screen, session }: { screen: Shared; session: MediaSession }): VNode {
  if (screen.undecodable) return <NoScreen name={screen.name} text="pictures-undecodable" />;
  if (!screen.track) return <OwnScreen session={session} />;
  if (pictureMode.value === 'sound') {
    return (
      <NoScreen name={screen.name} text="pictures-no-screen-text">
        <Button large icon={Eye} onClick={() => setPictureMode('automatic')} data-testid="show-pictures">
          {t('pictures-show')}
        </Button>
      </NoScreen>
    );
  }
  const label = t('room-screen-of', { name: screen.name });
  return (
    <figure class="stage__screen" data-testid="screen">
      <TrackVideo
        track={screen.track}
        whole
        remote
        shows={{ views: session.views, endpointId: screen.endpointId, source: 'screen' }}
        label={label}
      />
      <figcaption>{label}</figcaption>
    </figure>
  );
}

interface NoScreenProps {
  name: string;
  text: 'pictures-no-screen-text' | 'pictures-undecodable';
  children?: ComponentChildren;
}

/** Who does not see the screen is told that the others do, and why. */
function NoScreen({ name, text, children }: NoScreenProps): VNode {
  return (
    <div class="stage__own-screen" data-testid="no-screen">
      <Icon icon={MonitorUp} size={48} />
      <h2>{t('pictures-no-screen', { name })}</h2>
      <p>{t(text)}</p>
      {children}
    </div>
  );
}

/** The own screen is not shown to oneself: it would show itself without end. */
function OwnScreen({ session }: { session: MediaSession }): VNode {
  return (
    <div class="stage__own-screen" data-testid="own-screen">
      <Icon icon={MonitorUp} size={48} />
      <h2>{t('room-sharing')}</h2>
      <p>{t(session.screenSound.on.value ? 'room-sharing-sound' : 'room-sharing-silent')}</p>
      <Button large icon={MonitorX} onClick={() => switchSource(session.screen, 'screen', false)}>
        {t('room-screen-on')}
      </Button>
    </div>
  );
}
